import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Bounds, boundsSchema } from "../pipeline/bounds.ts";
import { type Verdict, verdicts } from "../plan/verdict.ts";
import { type Counts, countsSchema } from "./counts.ts";
import { type Evidence, judge } from "./judge.ts";
import { type ReadingDoubt, type Reservation, reasonSchema } from "./reasons.ts";

/*
 * Every possible evidence is judged twice: by `judge`, and by an oracle that asks one simple question after the other. Seconds may be
 * no number at all, and bounds may be anything or absent.
 */

const aDoubt: ReadingDoubt = { code: "not-read", problem: { code: "told", text: "a doubt" } };
const aReservation: Reservation = {
  code: "reading-set-aside",
  reading: "before-flush",
  problem: { code: "counted-unanswered", sink: "victorialogs", lines: 1 },
};
const count = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 4 }));
const seconds = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double({ min: -5, max: 5 }),
);
const boundSeconds = fc.constantFrom(1, 2, 3);
/** Two looks at a sink may be ten seconds apart. */
const recoverySeconds = fc.oneof(fc.nat(13), fc.double({ min: 0, max: 20, noNaN: true }));

const bounds: fc.Arbitrary<Bounds> = fc.record(
  {
    lost: count,
    duplicated: count,
    lostWindowSeconds: boundSeconds,
    lostOlderThanSeconds: boundSeconds,
    rpoSeconds: boundSeconds,
    recoverySeconds: boundSeconds,
    lateAfterSeconds: boundSeconds,
  },
  { requiredKeys: [] },
);

const counts = fc.record(
  Object.fromEntries(Object.keys(countsSchema.shape).map((kind) => [kind, count])),
) as fc.Arbitrary<Counts>;

const fault = fc.record({
  effective: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  held: fc.option(fc.record({ seconds: fc.constant(1), lines: fc.nat(3) })),
});

const evidence: fc.Arbitrary<Evidence> = fc.record({
  bounds,
  counts,
  lostWindowSeconds: seconds,
  youngestLostSeconds: fc.option(seconds, { nil: undefined }),
  rpo: fc.option(
    fc.record({
      rpoSeconds: fc.option(fc.double({ min: 0, max: 5, noNaN: true })),
      isUpperBound: fc.boolean(),
    }),
    { nil: undefined },
  ),
  recovery: fc.option(
    fc.record({
      seconds: fc.option(recoverySeconds),
      unseen: fc.nat(2),
      readBySeconds: fc.option(recoverySeconds),
    }),
    { nil: undefined },
  ),
  faults: fc.array(fault, { maxLength: 2 }),
  doubts: fc.oneof(
    { weight: 3, arbitrary: fc.constant<ReadingDoubt[]>([]) },
    fc.array(fc.constant(aDoubt), { maxLength: 2 }),
  ),
  reservations: fc.array(fc.constant(aReservation), { maxLength: 1 }),
});

/** Whether something came back that breaks the promise, whatever else is unknown. */
function sawTooMuch({ bounds, counts }: Evidence): boolean {
  if (counts.corrupted > 0 || counts.truncated > 0 || counts.merged > 0 || counts.unexpected > 0) return true;
  return bounds.duplicated !== undefined && counts.duplicated > bounds.duplicated;
}

/** Whether the missing lines keep within every promise about them. */
function keepsItsPromises({ bounds, counts, lostWindowSeconds, youngestLostSeconds }: Evidence): boolean {
  if (bounds.lost !== undefined && counts.lost > bounds.lost) return false;
  if (bounds.lostWindowSeconds !== undefined && !(lostWindowSeconds < bounds.lostWindowSeconds)) return false;
  const isOldEnough =
    youngestLostSeconds === undefined || youngestLostSeconds >= bounds.lostOlderThanSeconds!;
  return bounds.lostOlderThanSeconds === undefined || isOldEnough;
}

/** What is known of a promised recovery point. */
function recovery({ bounds, rpo }: Evidence): "kept" | "missed" | "unknown" {
  if (bounds.rpoSeconds === undefined) return "kept";
  if (rpo === undefined || rpo.rpoSeconds === null) return "unknown";
  if (rpo.rpoSeconds < bounds.rpoSeconds) return "kept";
  return rpo.isUpperBound ? "unknown" : "missed";
}

/** What is known of a promised recovery time. */
function recoveryTime({
  bounds: { recoverySeconds: most },
  recovery,
}: Evidence): "kept" | "missed" | "unknown" {
  if (most === undefined) return "kept";
  if (recovery === undefined) return "unknown";
  const { seconds, unseen, readBySeconds } = recovery;
  if (seconds !== null && seconds > most + 10) return "missed";
  if (seconds !== null && seconds > most) return "unknown";
  if (unseen === 0) return seconds === null ? "unknown" : "kept";
  return readBySeconds !== null && readBySeconds <= most ? "kept" : "unknown";
}

function isVacuous({ counts, faults }: Evidence): boolean {
  return counts.written === 0 || faults.some(({ effective, held }) => !effective || held?.lines === 0);
}

function oracle(given: Evidence): Verdict {
  if (sawTooMuch(given)) return "broken";
  if (given.doubts.length > 0) return "unknown";
  const recovered = [recovery(given), recoveryTime(given)];
  if (!keepsItsPromises(given) || recovered.includes("missed")) return "broken";
  const isReserved = given.reservations.length > 0;
  return isReserved || isVacuous(given) || recovered.includes("unknown") ? "unknown" : "holds";
}

const rank = (verdict: Verdict) => verdicts.indexOf(verdict);

it("agrees with the oracle about all evidence", () => {
  fc.assert(
    fc.property(evidence, (given) => {
      expect(judge(given).verdict).toBe(oracle(given));
    }),
    { numRuns: 5_000 },
  );
});

it("gives reasons that can be stored, every doubt among them, unless it holds", () => {
  fc.assert(
    fc.property(evidence, (given) => {
      const { verdict, reasons } = judge(given);
      expect(reasons.length === 0).toBe(verdict === "holds");
      expect(reasons).toEqual(expect.arrayContaining([...given.doubts, ...given.reservations]));
      const text = JSON.stringify(reasons);
      expect(JSON.stringify(z.array(reasonSchema).parse(JSON.parse(text)))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

it("never holds with a doubt more, a fault without effect more, or a damaged line more", () => {
  fc.assert(
    fc.property(
      evidence,
      fc.constantFrom("corrupted", "truncated", "merged", "unexpected"),
      (given, kind) => {
        const doubtful = judge({ ...given, doubts: [...given.doubts, aDoubt] });
        expect(doubtful.verdict).not.toBe("holds");
        expect(judge({ ...given, reservations: [aReservation] }).verdict).not.toBe("holds");
        const failed = { effective: false, held: { seconds: 1, lines: 9 } };
        expect(judge({ ...given, faults: [...given.faults, failed] }).verdict).not.toBe("holds");
        const damaged = { ...given.counts, [kind]: given.counts[kind as keyof Counts] + 1 };
        expect(judge({ ...given, counts: damaged }).verdict).toBe("broken");
      },
    ),
    { numRuns: 2_000 },
  );
});

it("gives no better verdict when more is lost or duplicated, or less is allowed", () => {
  fc.assert(
    fc.property(evidence, count, count, (given, lost, duplicated) => {
      const { counts, bounds } = given;
      const worse = { ...counts, lost: counts.lost + lost, duplicated: counts.duplicated + duplicated };
      const before = rank(judge(given).verdict);
      expect(rank(judge({ ...given, counts: worse }).verdict)).toBeGreaterThanOrEqual(before);
      for (const bound of Object.keys(boundsSchema.shape) as (keyof Bounds)[]) {
        const { [bound]: _, ...others } = bounds;
        expect(rank(judge({ ...given, bounds: others }).verdict)).toBeLessThanOrEqual(before);
      }
    }),
    { numRuns: 2_000 },
  );
});
