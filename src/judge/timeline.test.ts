import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { endedBy } from "../faults/effects.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { Ledger } from "../load/ledger.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { PlannedFault } from "../plan/plan.ts";
import { check } from "./check.ts";
import type { FaultRecord } from "./fault-record.ts";
import { Observation } from "./observation.ts";
import { placeLosses } from "./place-losses.ts";
import { progressTracks } from "./progress-tracks.ts";
import { timelineOf } from "./timeline.ts";
import { maxBuckets, maxTimedRanges, type Timeline, timelineSchema } from "./timeline-document.ts";
import { seriesOf } from "./track.ts";

const epochMs = Date.UTC(2026, 0, 1);
const pipeline = {
  name: "direct",
  targets: {},
  beside: {},
  shipper: { services: { promtail: null }, config: "promtail-config.yaml" },
  sink: { kind: "memory", services: { store: null } },
} as unknown as Pipeline;

/** Two sources of so many lines each, line n of which was written `stepMs` after the one before. */
function ledgerOf(written: number, stepMs: number): Ledger {
  const every = Math.ceil((written + 1) / 2_000);
  const marks = Array.from({ length: written + 1 }, (_, line): [number, number] => [
    line,
    epochMs + line * stepMs,
  ]);
  const kept = marks.filter(([line]) => line % every === 0 || line === written);
  return {
    schema: "everyline/ledger@1",
    seed: "seed",
    clock: { epochMs, linesPerSecond: 1 },
    sources: ["app-1", "app-2"].map((source) => ({ source, written, marks: kept })),
  };
}

/** A run in which each line of both sources came back so often, a second after it was written. */
function timelineFor(
  ledger: Ledger,
  copiesOf: (sequence: number) => number,
  faults: FaultRecord[] = [],
): Timeline {
  const names = ledger.sources.map(({ source }) => source);
  const written = ledger.sources[0]!.written;
  const observation = new Observation("seed", ledger.clock, names);
  const arrivals = new Arrivals(epochMs - 1, new Map(names.map((name) => [name, written])));
  for (const { source, marks } of ledger.sources) {
    for (let sequence = 1; sequence <= written; sequence++) {
      for (let copy = 0; copy < copiesOf(sequence); copy++)
        observation.add(observation.codec.encode(source, sequence));
      const writtenMs = marks.find(([marked]) => marked >= sequence)![1];
      if (copiesOf(sequence) > 0) arrivals.add(source, sequence, writtenMs + 1_000);
    }
  }
  const { counts, lost } = check(ledger, observation);
  const document = { counts, lost: placeLosses(lost, () => ({ hop: "sink" })) };
  const samples = [0, 5_000].map((ms) => ({
    at: epochMs + ms,
    values: { "lines.readable": 0, "shipper.read": 2, "shipper.sent": 2, "shipper.dropped": 0 },
  }));
  const observed = [
    { observer: "counters", isGroundOfVerdict: true, failure: null, tracks: progressTracks(samples) },
  ];
  return timelineOf({
    observed,
    measured: { ledger, arrivals, faults, observations: [observation] },
    document,
    plan: { schedule: faults.map(planned) },
  });
}

/** A fault with the parts that its kind says it ends, as a plan has it. */
function planned({ kind, target }: FaultRecord): PlannedFault {
  const moment = { line: 1, seconds: 1 };
  const ends = endedBy({ kind, target }, pipeline).map(({ part }) => part);
  return { kind, target, at: 0, injected: moment, healed: null, expected: "", ends, stopsShipper: false };
}

const faultOn = (target: string, fromMs: number, toMs: number, kind = "stop"): FaultRecord => ({
  kind,
  target,
  startedAt: new Date(epochMs + fromMs).toISOString(),
  endedAt: new Date(epochMs + toMs).toISOString(),
  effective: true,
  evidence: [],
});

describe("timelineOf", () => {
  it("accounts for every line written, lost and duplicated, whatever the run was like", () => {
    const copies = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(copies, fc.integer({ min: 0, max: 5_000 }), (copies, stepMs) => {
        const ledger = ledgerOf(copies.length, stepMs);
        const timeline = timelineFor(ledger, (sequence) => copies[sequence - 1]!);
        expect(timelineSchema.parse(timeline)).toEqual(timeline);
        const sumOf = (kind: "written" | "arrived" | "lost" | "duplicated") =>
          timeline.buckets.reduce((sum, bucket) => sum + bucket[kind], 0);
        const lost = 2 * copies.filter((count) => count === 0).length;
        expect(sumOf("written")).toBe(2 * copies.length);
        expect(sumOf("lost")).toBe(lost);
        expect(sumOf("arrived")).toBe(2 * copies.length - lost);
        expect(sumOf("duplicated")).toBe(2 * copies.reduce((sum, count) => sum + Math.max(0, count - 1), 0));
        expect(timeline.unplacedCopies).toBe(0);
        const lines = timeline.lost.ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
        expect(lines + timeline.lost.omittedLines).toBe(lost);
      }),
      { numRuns: 50 },
    );
  });

  it("tells when lost lines were written, and what it took others to become readable", () => {
    const { buckets, bucketMs, lost } = timelineFor(ledgerOf(100, 100), (sequence) =>
      sequence > 40 && sequence <= 60 ? 0 : 1,
    );
    const range = { from: 41, to: 60, fromMs: epochMs + 4_000, toMs: epochMs + 6_000, hop: "sink" };
    expect(lost).toEqual({
      ranges: [
        { source: "app-1", ...range },
        { source: "app-2", ...range },
      ],
      omittedRanges: 0,
      omittedLines: 0,
    });
    for (const bucket of buckets.filter((bucket) => bucket.lost > 0)) {
      expect(bucket.at + bucketMs).toBeGreaterThan(epochMs + 4_000);
      expect(bucket.at).toBeLessThanOrEqual(epochMs + 6_000);
      expect(bucket.latencyMs).toBeNull();
    }
    expect(buckets.find(({ arrived }) => arrived > 0)!.latencyMs).toEqual({ p50: 1_000, max: 1_000 });
  });

  it("stays small where every second line of very many is lost", () => {
    const timeline = timelineFor(ledgerOf(50_000, 10), (sequence) => sequence % 2);
    expect(timeline.buckets.length).toBeLessThanOrEqual(maxBuckets);
    expect(timeline.lost.ranges).toHaveLength(maxTimedRanges);
    expect(timeline.lost.omittedRanges).toBe(50_000 - maxTimedRanges);
    expect(JSON.stringify(timeline).length).toBeLessThan(150_000);
  });

  it("says when the last line that was written under a fault could be read", () => {
    const faults = [faultOn("sink", 2_000, 4_000)];
    expect(timelineFor(ledgerOf(100, 100), () => 1, faults).recoveredAt).toBe(epochMs + 5_000);
    expect(timelineFor(ledgerOf(100, 100), () => 0, faults).recoveredAt).toBeNull();
    expect(timelineFor(ledgerOf(100, 100), () => 1).recoveredAt).toBeNull();
  });

  it("leaves out what a part counts of itself once a fault has ended it", () => {
    const faulted = (target: string) =>
      timelineFor(ledgerOf(10, 100), () => 1, [faultOn(target, 2_000, 4_000)]).tracks;
    for (const id of ["shipper.read", "shipper.sent"])
      expect(seriesOf(faulted("shipper"), id)!.values).toEqual([2, null]);
    expect(seriesOf(faulted("shipper"), "lines.readable")!.values).toEqual([0, 0]);
    expect(seriesOf(faulted("store"), "shipper.read")!.values).toEqual([2, 2]);
  });

  it.each(["pause", "flush", "await-wal"])(
    "keeps what a part counts of itself under a %s, which ends no process",
    (kind) => {
      const { tracks } = timelineFor(ledgerOf(10, 100), () => 1, [faultOn("shipper", 2_000, 4_000, kind)]);
      expect(seriesOf(tracks, "shipper.read")!.values).toEqual([2, 2]);
    },
  );

  it("names the observers beside their tracks, and says which of them no verdict rests on", () => {
    const { observers, tracks } = timelineFor(ledgerOf(10, 100), () => 1);
    expect(observers).toEqual([{ observer: "counters", isGroundOfVerdict: true, failure: null }]);
    expect(tracks.map(({ id }) => id)).toEqual([
      "lines.readable",
      "shipper.read",
      "shipper.sent",
      "shipper.dropped",
    ]);
  });

  it("has nothing to divide where nothing was written", () => {
    expect(timelineFor(ledgerOf(0, 100), () => 1)).toMatchObject({ buckets: [], bucketMs: 0 });
  });
});
