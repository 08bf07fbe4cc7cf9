import fc from "fast-check";
import { expect, it } from "vitest";
import type { Ledger } from "../load/ledger.ts";
import { assess, type RunEvidence } from "./assess.ts";
import type { Counts } from "./counts.ts";
import { judgedFaults } from "./judged-faults.ts";
import { Observation } from "./observation.ts";

/*
 * Runs of a few lines are assessed twice: by `assess`, and by an oracle that goes through every line of every reading and every mark of
 * the ledger, one by one.
 */

const epochMs = Date.UTC(2026, 0, 1);
const clock = { epochMs, linesPerSecond: 1 };
const sources = ["a", "b"];
const most = 6;
const secondsAfter = (seconds: number) => epochMs + seconds * 1_000;
const dateAt = (seconds: number) => new Date(secondsAfter(seconds)).toISOString();

/** Marks that do not cover every line, some seconds apart. */
const source = fc
  .record({ written: fc.nat(most), marked: fc.subarray([0, 1, 2, 3, 4, 5, 6]) })
  .map(({ written, marked }) => ({
    written,
    marks: marked
      .filter((sequence) => sequence <= written)
      .map((sequence): [number, number] => [sequence, secondsAfter(sequence * 2)]),
  }));

const damages = { corrupted: "\r", merged: " and more" };
/** How often each line of each source came back, how often damaged, how many alien lines came, and how many copies are hidden. */
const copies = fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.nat(2));
const rarely = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat(2));
const reading = fc.record({
  copies: fc.array(fc.array(copies, { minLength: most, maxLength: most }), { minLength: 2, maxLength: 2 }),
  corrupted: rarely,
  merged: rarely,
  unexpected: rarely,
  hidden: rarely,
});
type Reading = typeof reading extends fc.Arbitrary<infer Value> ? Value : never;

const readings = fc.oneof(
  fc.array(reading, { minLength: 1, maxLength: 3 }),
  // As a run has it: both the same.
  reading.map((one) => [one, one]),
);

const fault = fc
  .record({
    from: fc.integer({ min: -2, max: 14 }),
    seconds: fc.nat(6),
    effective: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
  })
  .map(({ from, seconds, effective }) => ({
    kind: "kill",
    target: "sink",
    startedAt: dateAt(from),
    endedAt: dateAt(from + seconds),
    effective,
    evidence: [],
  }));

const bounds = fc.record(
  {
    lost: fc.nat(2),
    duplicated: fc.nat(2),
    lostWindowSeconds: fc.constantFrom(1, 3, 7, 20),
    lostOlderThanSeconds: fc.constantFrom(1, 3, 7),
  },
  { requiredKeys: [] },
);

const run = fc.record({
  ledgers: fc.tuple(source, source),
  readings,
  faults: fc.array(fault, { maxLength: 2 }),
  bounds,
  isDoubtful: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
});
type Run = typeof run extends fc.Arbitrary<infer Value> ? Value : never;

function ledgerOf({ ledgers }: Run): Ledger {
  return {
    schema: "everyline/ledger@1",
    seed: "seed",
    clock,
    sources: ledgers.map((ledger, index) => ({ source: sources[index]!, ...ledger })),
  };
}

function observationOf({ ledgers }: Run, reading: Reading): Observation {
  const observation = new Observation("seed", clock, sources);
  const { codec } = observation;
  for (const [index, { written }] of ledgers.entries()) {
    for (let sequence = 1; sequence <= written; sequence++) {
      const times = reading.copies[index]![sequence - 1]!;
      for (let copy = 0; copy < times; copy++) observation.add(codec.encode(sources[index]!, sequence));
    }
  }
  for (const kind of ["corrupted", "merged"] as const) {
    for (let time = 0; time < reading[kind]; time++) observation.add(codec.encode("a", 1) + damages[kind]);
  }
  for (let time = 0; time < reading.unexpected; time++) observation.add("alien");
  observation.hiddenCopies = reading.hidden;
  return observation;
}

interface LostLine {
  source: number;
  sequence: number;
}

function lostIn({ ledgers }: Run, { copies }: Reading): LostLine[] {
  return ledgers.flatMap(({ written }, source) =>
    copies[source]!.flatMap((times, index) =>
      index < written && times === 0 ? { source, sequence: index + 1 } : [],
    ),
  );
}

function duplicatesIn({ ledgers }: Run, { copies, hidden }: Reading): number {
  const surplus = ledgers.flatMap(({ written }, source) =>
    copies[source]!.slice(0, written).map((times) => Math.max(0, times - 1)),
  );
  return surplus.reduce((sum, count) => sum + count, hidden);
}

/** When the write of a line had certainly returned, in seconds after the epoch; infinitely late if nothing tells. */
function writtenBy(run: Run, { source, sequence }: LostLine): number {
  const after = run.ledgers[source]!.marks.filter(([marked]) => marked >= sequence);
  return after.length === 0
    ? Number.POSITIVE_INFINITY
    : (Math.min(...after.map(([, at]) => at)) - epochMs) / 1_000;
}

function notWrittenBefore(run: Run, { source, sequence }: LostLine): number {
  const before = run.ledgers[source]!.marks.filter(([marked]) => marked < sequence);
  return before.length === 0
    ? Number.NEGATIVE_INFINITY
    : (Math.max(...before.map(([, at]) => at)) - epochMs) / 1_000;
}

/** Whether all lost lines of each source were written within less than some seconds. */
function isWithin(run: Run, lost: LostLine[], seconds: number): boolean {
  return [0, 1].every((source) => {
    const own = lost.filter((line) => line.source === source);
    return own.every((first) =>
      own.every((last) => writtenBy(run, last) - notWrittenBefore(run, first) < seconds),
    );
  });
}

/** Whether no lost line was younger than some seconds when the last fault ended. */
function isOlder(run: Run, lost: LostLine[], seconds: number): boolean {
  const ends = run.faults.map(({ endedAt }) => (Date.parse(endedAt) - epochMs) / 1_000);
  const end = Math.max(...ends);
  return lost.every((line) => {
    const at = writtenBy(run, line);
    return Number.isFinite(at) ? end - at >= seconds : false;
  });
}

/** Lines between two marks that lie within a fault. */
function wroteDuring(run: Run, { startedAt, endedAt }: Run["faults"][number]): boolean {
  const isIn = ([, at]: [number, number]) => at >= Date.parse(startedAt) && at <= Date.parse(endedAt);
  return run.ledgers.some(({ marks }) => marks.filter(isIn).length >= 2);
}

/** How often a reading saw what it saw most. */
function mostOf(run: Run, count: (reading: Reading) => number): number {
  return Math.max(...run.readings.map(count));
}

function oracle(run: Run): { verdict: string; seen: Partial<Counts> } {
  const { bounds, readings, faults, ledgers } = run;
  const seen = {
    duplicated: mostOf(run, (reading) => duplicatesIn(run, reading)),
    corrupted: mostOf(run, ({ corrupted }) => corrupted),
    merged: mostOf(run, ({ merged }) => merged),
    unexpected: mostOf(run, ({ unexpected }) => unexpected),
  };
  return { verdict: verdictOf(), seen };

  function verdictOf(): string {
    if (seen.corrupted + seen.merged + seen.unexpected > 0) return "broken";
    if (bounds.duplicated !== undefined && seen.duplicated > bounds.duplicated) return "broken";
    const losses = readings.map((reading) => lostIn(run, reading));
    const isAgreed = new Set(losses.map((lost) => JSON.stringify(lost))).size === 1;
    if (run.isDoubtful || !isAgreed) return "unknown";
    const lost = losses[0]!;
    if (bounds.lost !== undefined && lost.length > bounds.lost) return "broken";
    if (bounds.lostWindowSeconds !== undefined && !isWithin(run, lost, bounds.lostWindowSeconds))
      return "broken";
    if (bounds.lostOlderThanSeconds !== undefined && !isOlder(run, lost, bounds.lostOlderThanSeconds))
      return "broken";
    const isProven = faults.every(
      (fault) => fault.effective && (fault.startedAt === fault.endedAt || wroteDuring(run, fault)),
    );
    return isProven && ledgers.some(({ written }) => written > 0) ? "holds" : "unknown";
  }
}

function assessed(run: Run) {
  const evidence: RunEvidence = {
    bounds: run.bounds,
    ledger: ledgerOf(run),
    observations: run.readings.map((reading) => observationOf(run, reading)),
    faults: judgedFaults({}, run.faults, ledgerOf(run)),
    doubts: run.isDoubtful ? [{ code: "not-read", problem: { code: "told", text: "cut off" } }] : [],
    reservations: [],
    late: 3,
  };
  return assess(evidence);
}

it("agrees with the oracle about every run", () => {
  fc.assert(
    fc.property(run, (run) => {
      const { findings, judgement } = assessed(run);
      const { verdict, seen } = oracle(run);
      expect(judgement.verdict).toBe(verdict);
      expect(findings.counts).toMatchObject({ ...seen, truncated: 0, late: 3 });
    }),
    { numRuns: 800 },
  );
});

it("holds no better the more readings there are, and in whichever order", () => {
  fc.assert(
    fc.property(run, reading, (run, another) => {
      const { verdict } = assessed(run).judgement;
      const more = { ...run, readings: [...run.readings, another] };
      const reversed = { ...run, readings: run.readings.toReversed() };
      expect(assessed(reversed).judgement.verdict).toBe(verdict);
      if (verdict !== "holds") expect(assessed(more).judgement.verdict).not.toBe("holds");
    }),
    { numRuns: 200 },
  );
});
