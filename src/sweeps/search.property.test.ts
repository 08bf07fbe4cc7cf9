import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  boundsOf,
  type LengthTried,
  needsAnother,
  nextLength,
  type Outcome,
  outcomeOf,
  type SearchWanted,
} from "./search.ts";

const mostLengths = 60;

/** Searches as `carryOutOutages` does, with a system that says what a run of a length shows. */
function search(wanted: SearchWanted, run: (seconds: number, attempt: number) => Outcome): LengthTried[] {
  const tried: LengthTried[] = [];
  for (let length = nextLength(tried, wanted); length !== undefined; length = nextLength(tried, wanted)) {
    if (tried.length >= mostLengths) throw new Error(`more than ${mostLengths} lengths`);
    const outcomes: Outcome[] = [];
    while (needsAnother(outcomes, wanted.runs)) outcomes.push(run(length, outcomes.length));
    tried.push({ seconds: length, outcomes });
  }
  return tried;
}

/** The bounds by looking at every second of the range, one after the other. */
function slowBounds(tried: LengthTried[], runs: number) {
  const said = new Map(tried.map(({ seconds, outcomes }) => [seconds, outcomes]));
  const found = { heldSeconds: null as number | null, lostSeconds: null as number | null };
  const others = { inversions: [] as number[], mixed: [] as number[], undecided: [] as number[] };
  for (let second = 0; second <= Math.max(0, ...said.keys()); second++) {
    const outcomes = said.get(second);
    if (outcomes === undefined) continue;
    let held = 0;
    let lost = 0;
    for (const outcome of outcomes) {
      if (outcome === "held") held++;
      if (outcome === "lost") lost++;
    }
    if (lost > 0) found.lostSeconds ??= second;
    else if (held < runs) others.undecided.push(second);
    else if (found.lostSeconds === null) found.heldSeconds = second;
    else others.inversions.push(second);
    if (lost > 0 && held > 0) others.mixed.push(second);
  }
  return { ...found, ...others };
}

const outcome = fc.constantFrom<Outcome>("held", "lost", "unknown");
const wanted = fc
  .record({
    shortestSeconds: fc.integer({ min: 1, max: 2_000 }),
    moreSeconds: fc.integer({ min: 1, max: 20_000 }),
    claimedSeconds: fc.option(fc.integer({ min: 1, max: 20_000 }), { nil: undefined }),
    width: fc.constantFrom(0.01, 0.05, 0.1, 0.5, 1),
    runs: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ moreSeconds, ...rest }) => ({ ...rest, longestSeconds: rest.shortestSeconds + moreSeconds }));

describe("the bounds of lengths that were tried", () => {
  it("are those that a look at every second finds", () => {
    const tried = fc.uniqueArray(
      fc.record({
        seconds: fc.integer({ min: 1, max: 300 }),
        outcomes: fc.array(outcome, { minLength: 1, maxLength: 5 }),
      }),
      { selector: ({ seconds }) => seconds },
    );
    fc.assert(
      fc.property(tried, fc.integer({ min: 1, max: 3 }), (tried, runs) => {
        expect(boundsOf(tried, runs)).toEqual(slowBounds(tried, runs));
      }),
    );
  });

  it("never lie beyond a loss, whatever the runs say", () => {
    fc.assert(
      fc.property(wanted, fc.infiniteStream(outcome), (wanted, outcomes) => {
        const tried = search(wanted, () => outcomes.next().value!);
        const { heldSeconds, lostSeconds } = boundsOf(tried, wanted.runs);
        for (const { seconds, outcomes } of tried) {
          if (outcomes.includes("lost")) expect(seconds).toBeGreaterThanOrEqual(lostSeconds!);
          if (outcomes.includes("lost") && heldSeconds !== null) expect(seconds).toBeGreaterThan(heldSeconds);
          expect(outcomes.length).toBeLessThanOrEqual(wanted.runs + 2);
          expect(seconds).toBeGreaterThanOrEqual(wanted.shortestSeconds);
          expect(seconds).toBeLessThanOrEqual(wanted.longestSeconds);
        }
      }),
    );
  });
});

describe("a search", () => {
  const threshold = fc.integer({ min: 1, max: 25_000 });

  it("finds a threshold as closely as its width", () => {
    fc.assert(
      fc.property(wanted, threshold, (wanted, threshold) => {
        const { shortestSeconds, longestSeconds, width, runs } = wanted;
        const found = boundsOf(
          search(wanted, (seconds) => (seconds < threshold ? "held" : "lost")),
          runs,
        );
        const { heldSeconds, lostSeconds } = found;
        expect(found).toMatchObject({ inversions: [], mixed: [], undecided: [] });
        if (threshold <= shortestSeconds)
          expect(found).toMatchObject({ heldSeconds: null, lostSeconds: shortestSeconds });
        else if (threshold > longestSeconds)
          expect(found).toMatchObject({ heldSeconds: longestSeconds, lostSeconds: null });
        else {
          expect(heldSeconds!).toBeLessThan(threshold);
          expect(lostSeconds!).toBeGreaterThanOrEqual(threshold);
          const isClose = lostSeconds! <= heldSeconds! * (1 + width) || lostSeconds! - heldSeconds! === 1;
          // The middle of two lengths that are close together may round to one of them.
          expect(isClose || Math.round(Math.sqrt(heldSeconds! * lostSeconds!)) === heldSeconds).toBe(true);
        }
      }),
    );
  });

  it("moves no bound for runs that decide nothing, and still comes to an end", () => {
    fc.assert(
      fc.property(wanted, threshold, fc.infiniteStream(fc.boolean()), (wanted, threshold, isUnknown) => {
        const tried = search(wanted, (seconds) => {
          if (isUnknown.next().value) return "unknown";
          return seconds < threshold ? "held" : "lost";
        });
        const { heldSeconds, lostSeconds, inversions, undecided } = boundsOf(tried, wanted.runs);
        expect(heldSeconds ?? 0).toBeLessThan(threshold);
        expect(lostSeconds ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(threshold);
        expect(inversions).toEqual([]);
        for (const length of undecided) expect([heldSeconds, lostSeconds]).not.toContain(length);
      }),
    );
  });

  it("tries the claimed length itself where its bounds leave it open", () => {
    fc.assert(
      fc.property(wanted, threshold, (wanted, threshold) => {
        const { claimedSeconds, shortestSeconds, longestSeconds, runs } = wanted;
        const tried = search(wanted, (seconds) => (seconds < threshold ? "held" : "lost"));
        const isOpen =
          claimedSeconds !== undefined &&
          shortestSeconds < claimedSeconds &&
          claimedSeconds < longestSeconds &&
          shortestSeconds < threshold &&
          threshold <= longestSeconds;
        if (isOpen) expect(tried.map(({ seconds }) => seconds)).toContain(claimedSeconds);
        for (const { outcomes } of tried) expect(outcomes).toHaveLength(runs);
      }),
    );
  });
});

describe("the runs of a length", () => {
  it("are repeated at most twice if they decide nothing", () => {
    expect(needsAnother(["unknown", "unknown"], 1)).toBe(true);
    expect(needsAnother(["unknown", "unknown", "unknown"], 1)).toBe(false);
    expect(needsAnother(["unknown", "held"], 1)).toBe(false);
    expect(needsAnother(["lost"], 2)).toBe(true);
  });

  it("have held only if as many have as are wanted, and lost if one has", () => {
    expect(outcomeOf(["held", "unknown"], 2)).toBe("unknown");
    expect(outcomeOf(["held", "held"], 2)).toBe("held");
    expect(outcomeOf(["held", "lost", "held"], 2)).toBe("lost");
    expect(outcomeOf([], 1)).toBe("unknown");
  });
});
