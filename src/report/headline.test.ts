import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judged, stop } from "../../test/support/judged-run.ts";
import { runWith } from "../../test/support/reported-run.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import type { ReadingDoubt } from "../judge/reasons.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { headlineOf } from "./headline.ts";

const counts = (lost: number, more: Partial<RunDocument["counts"]> = {}): RunDocument["counts"] => ({
  ...runWith({}).counts,
  written: 1_000,
  delivered: 1_000 - lost,
  lost,
  ...more,
});

describe("headlineOf", () => {
  it("tells what was kept, and in spite of what", () => {
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(0) }))).toBe(
      "The promise was kept: all 1,000 log lines came back, each exactly once, though VictoriaLogs was stopped for 12 s.",
    );
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(0, { duplicated: 7 }) }))).toBe(
      "The promise was kept: all 1,000 log lines came back, though VictoriaLogs was stopped for 12 s; 7 surplus copies came back too.",
    );
    const window = judged({ bounds: { lostWindowSeconds: 60 }, counts: counts(30), lostWindowSeconds: 3 });
    expect(headlineOf(window)).toBe(
      "The promise was kept: 970 of 1,000 log lines came back and 30 were lost, which the promise (loss only within < 60 s) allows, though VictoriaLogs was stopped for 12 s.",
    );
  });

  it("tells what was broken, and when", () => {
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(302) }))).toBe(
      "The promise was broken: 302 of 1,000 log lines were lost when VictoriaLogs was stopped for 12 s.",
    );
    const several = counts(2, { duplicated: 1, corrupted: 3 });
    expect(headlineOf(judged({ bounds: { lost: 0, duplicated: 0 }, counts: several }))).toBe(
      "The promise was broken: 2 of 1,000 log lines were lost, 1 surplus copy came back and 3 log lines came back corrupted when VictoriaLogs was stopped for 12 s.",
    );
    const window = judged({
      bounds: { lostWindowSeconds: 60 },
      counts: counts(900),
      lostWindowSeconds: 71.26,
    });
    expect(headlineOf(window)).toBe(
      "The promise was broken: 900 of 1,000 log lines were lost, written over 71.3 s where less than 60 s is allowed when VictoriaLogs was stopped for 12 s.",
    );
    const age = judged({
      bounds: { lostOlderThanSeconds: 604_800 },
      counts: counts(5),
      youngestLostSeconds: 3_600,
    });
    expect(headlineOf(age)).toContain(
      "a log line only 1 h old was lost, where only lines older than 7 d may be",
    );
    const rpo = { rpoSeconds: 4.5, isUpperBound: false };
    expect(headlineOf(judged({ bounds: { rpoSeconds: 1 }, counts: counts(0), rpo }))).toContain(
      "acknowledged log lines of 4.50 s were missing in the second site, where less than 1 s is allowed",
    );
  });

  it("tells of a long outage that it was held in time lapse, and of faults of a kind together", () => {
    const timeLapse = { outageSeconds: 86_400, heldSeconds: 12, agesKafka: false };
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(0) }, { timeLapse }))).toContain(
      "though VictoriaLogs was stopped for 24 h (in time lapse)",
    );
    const faults = [1, 2].map((seconds) => ({ ...stop(seconds), kind: "kill", target: "gateway" }));
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(1) }, { faults }))).toContain(
      "when the gateway was killed twice and away for 3.0 s in all.",
    );
  });

  it("names no fault that did not take effect", () => {
    const faults = [{ ...stop(12), effective: false }];
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(3) }, { faults }))).toBe(
      "The promise was broken: 3 of 1,000 log lines were lost.",
    );
  });

  it("says why nothing is known, and calls no line lost then", () => {
    const text = "The sentinel of app-1 did not arrive.\nPromtail said: lost everything";
    const doubts: ReadingDoubt[] = [{ code: "not-proven", failure: { code: "told", hasEnded: false, text } }];
    expect(headlineOf(judged({ bounds: { lost: 0 }, counts: counts(1_000), doubts }))).toBe(
      "Whether the promise holds is not known: the sentinel of app-1 did not arrive.",
    );
  });

  it("calls a line lost only where the judge does, whatever a run was like", () => {
    const count = fc.integer({ min: 0, max: 5 });
    const evidence = fc.record({
      bounds: fc.record(
        { lost: count, duplicated: count, lostWindowSeconds: fc.constant(2), rpoSeconds: fc.constant(1) },
        { requiredKeys: [] },
      ),
      counts: fc.record({ lost: count, duplicated: count, corrupted: count, unexpected: count }),
      lostWindowSeconds: fc.constantFrom(0, 1, 3),
      doubts: fc.constantFrom<ReadingDoubt[]>([], [{ code: "readings-differ", delivered: [3, 4] }]),
      rpo: fc.constantFrom(
        undefined,
        { rpoSeconds: 3, isUpperBound: false },
        { rpoSeconds: 3, isUpperBound: true },
      ),
    });
    fc.assert(
      fc.property(evidence, ({ counts: some, lostWindowSeconds, ...rest }) => {
        const window = some.lost === 0 ? 0 : lostWindowSeconds;
        const run = judged({ ...rest, lostWindowSeconds: window, counts: counts(some.lost, some) });
        const headline = headlineOf(run);
        const isRead = rest.doubts.length === 0;
        expect(headline).toMatch(
          {
            holds: /^The promise was kept: /,
            broken: /^The promise was broken: /,
            unknown: /^Whether the promise holds is not known: /,
          }[run.verdict],
        );
        if (/\blost\b/.test(headline)) expect(isRead && some.lost > 0).toBe(true);
        if (isLossCertain(run)) expect(isRead || some.lost === 0).toBe(true);
        if (run.verdict === "holds" && some.lost > 0)
          expect(headline).toContain(`${some.lost} were lost, which the promise`);
        if (headline.includes("each exactly once")) expect(some.duplicated).toBe(0);
      }),
    );
  });

  it("says that no alert fired for a loss, and calls a loss certain where only its notice is open", () => {
    const bounds = {};
    const lost = counts(3);
    const silence = { code: "silent-loss", lines: 3, rules: 4 } as const;
    const silent = judged({ bounds, counts: lost, silence });
    expect(headlineOf(silent)).toMatch(
      /^The promise was broken: no alert fired although 3 log lines were lost/,
    );
    expect(isLossCertain(silent)).toBe(true);
    const unobserved = { code: "alerts-unobserved", lines: 3, spots: 0, first: null } as const;
    const open = judged({ bounds, counts: lost, reservations: [unobserved] });
    expect([open.verdict, isLossCertain(open)]).toEqual(["unknown", true]);
    const unread: ReadingDoubt = { code: "readings-differ", delivered: [3, 4] };
    const both = judged({ bounds, counts: lost, reservations: [unobserved], doubts: [unread], silence });
    expect([both.verdict, isLossCertain(both)]).toEqual(["unknown", false]);
  });
});
