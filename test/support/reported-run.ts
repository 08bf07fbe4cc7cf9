import { toldEvidence } from "../../src/judge/fault-record.ts";
import { progressTracks } from "../../src/judge/progress-tracks.ts";
import { type RunDocument, runDocumentSchema } from "../../src/judge/run-document.ts";
import { maxBuckets, maxTimedRanges, type Timeline } from "../../src/judge/timeline-document.ts";
import { maxPoints, maxSpans, maxTracks, type Track } from "../../src/judge/track.ts";
import type { ReportedRun } from "../../src/report/reported-run.ts";

const startMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const lines = 1_000;

/** The document of a run that holds and in which nothing happened, with changes. */
export function runWith(changes: Partial<RunDocument>): RunDocument {
  const counts = { written: lines, delivered: lines, lost: 0, duplicated: 0, reordered: 0 };
  const damages = { corrupted: 0, truncated: 0, merged: 0, unexpected: 0, late: 0 };
  const document = runDocumentSchema.parse({
    schema: "everyline/run@2",
    runId: "20260102t030405-sink-restart-1a2b",
    plan: {
      schema: "everyline/plan@2",
      scenario: "sink-restart",
      pipeline: "direct",
      layout: "single",
      sink: "victorialogs",
      claim: {
        id: "direct/sink-restart",
        text: "A restart of the store loses no line.",
        bounds: { lost: 0 },
      },
      seed: "seed",
      variables: {},
    },
    timeLapse: null,
    torn: [],
    lostWindowSeconds: 0,
    kafka: null,
    sites: null,
    discarded: {},
    verdict: "holds",
    reasons: [],
    counts: { ...counts, ...damages },
    lost: [],
    timings: {
      upSeconds: 1,
      loadSeconds: 10,
      outageSeconds: 2,
      recoverySeconds: 1,
      readSeconds: 1,
      totalSeconds: 14,
    },
    latencyMs: { p50: 900, p99: 1_900, max: 2_000 },
    faults: [],
    images: [
      {
        service: "store",
        reference: "example/store:3.6.4",
        id: "sha256:abc",
        origin: "pulled",
        version: "3.6.4",
      },
    ],
    environment: { engine: "28", api: "1.48", kernel: "6", cpus: 2, memoryBytes: 4e9, node: "v24" },
  });
  return { ...document, ...changes };
}

const spread = (count: number) => Array.from({ length: count }, (_, index) => startMs + index * 1_234.567);

/** The progress of a run, with as many points as there can be. */
function progress(): Track[] {
  return progressTracks(
    spread(maxPoints).map((at, index) => ({
      at,
      values: {
        "lines.written": index * 1_953,
        "lines.readable": index * 977,
        "shipper.read": index * 1_901,
        "shipper.sent": index * 1_501,
        "shipper.dropped": index * 37,
        "gateway.acknowledged": index * 1_501,
        "gateway.refused": index,
        "consumer.retries": index,
      },
    })),
  );
}

/** As many tracks as there can be beside others, as full as they can be, with a text wherever one fits. */
function fullTracks(others: number, text: string): Track[] {
  return Array.from({ length: maxTracks - others }, (_, index): Track => {
    const described = {
      id: `${text}/${index}`,
      title: `${text} ${index % 5}`,
      group: `${text} ${index % 20}`,
      instance: `${text}-${index % 40}`,
    };
    const spans = spread(maxSpans).map((fromMs) => ({ fromMs, toMs: fromMs + 987.654, label: text }));
    return index % 20 === 0
      ? { kind: "spans", ...described, spans, omitted: 3 }
      : {
          kind: "series",
          ...described,
          unit: text,
          isTotal: index % 2 === 0,
          // No two instances are asked at the same moment.
          at: spread(maxPoints).map((at) => at + index),
          values: spread(maxPoints).map((_, point) =>
            point % 9 === 0 ? null : (point * 12_345.678) % 1_000,
          ),
        };
  });
}

/** A timeline of as many buckets and ranges as there can be, each with the longest figures. */
export function fullTimeline(source: (index: number) => string, hop: string): Timeline {
  const ranges = spread(maxTimedRanges).map((fromMs, index) => ({
    source: source(index),
    from: index * 3_000 + 1,
    to: index * 3_000 + 1_500,
    fromMs,
    toMs: fromMs + 617.283,
  }));
  const omitted = { omittedRanges: 499_700, omittedLines: 499_700 };
  return {
    schema: "everyline/timeline@2",
    observers: [],
    tracks: progress(),
    sentinels: 2,
    bucketMs: 2_100.123,
    buckets: spread(maxBuckets).map((at, index) => ({
      at,
      written: 3_333,
      arrived: index % 2 === 0 ? 0 : 1_667,
      latencyMs: index % 2 === 0 ? null : { p50: 12_345.678 + index, max: 98_765.432 + index },
      lost: 1_666,
      duplicated: 1_667,
    })),
    lost: { ranges: ranges.map((range) => ({ ...range, hop, reason: hop })), ...omitted },
    duplicated: { ranges, ...omitted },
    unplacedCopies: 3,
    recoveredAt: startMs + 500_000,
  };
}

/** A run of a million lines of which every second was lost, with as much of everything as there can be, and a text wherever one fits. */
export function worstRun(text: string): ReportedRun {
  const many = <Item>(count: number, item: (index: number) => Item) =>
    Array.from({ length: count }, (_, index) => item(index));
  const faults = many(500, (index) => ({
    kind: `kill ${text}`,
    target: text,
    startedAt: new Date(startMs + index * 1_000).toISOString(),
    endedAt: new Date(startMs + index * 1_000 + 700).toISOString(),
    effective: index % 2 === 0,
    evidence: [toldEvidence(text.repeat(50))],
    held: null,
    shipperGivesUp: null,
  }));
  const document = runWith({
    verdict: "broken",
    reasons: [
      { code: "lost", lines: 500_000, written: 1_000_000, most: 0 },
      ...many(500, () => ({ code: "told" as const, text: text.repeat(50) })),
    ],
    plan: { ...runWith({}).plan, claim: { id: text, text, bounds: { lost: 0 } } },
    counts: {
      ...runWith({}).counts,
      written: 1_000_000,
      delivered: 500_000,
      lost: 500_000,
      duplicated: 500_000,
    },
    lost: many(500_000, (index) => ({
      source: "app-1",
      from: 2 * index,
      to: 2 * index,
      hop: text,
      reason: text,
    })),
    faults,
    images: many(500, () => ({ service: text, reference: text, id: text, origin: "built", version: text })),
    torn: many(500, (index) => ({
      source: "app-1",
      sequence: index,
      bytes: 1,
      lineBytes: 200,
      arrived: false,
    })),
    environment: { engine: text, api: text, kernel: text, cpus: 2, memoryBytes: 4e9, node: text },
  });
  const timeline = fullTimeline((index) => `app-${index % 50}`, text);
  return {
    document,
    timeline: {
      ...timeline,
      observers: many(3, () => ({ observer: text, isGroundOfVerdict: true, failure: text.repeat(50) })),
      tracks: [...timeline.tracks, ...fullTracks(timeline.tracks.length, text)],
    },
    journal: many(5_000, () => ({ at: "2026-01-02T03:04:05.000Z", event: text, message: text.repeat(50) })),
    files: many(100, (index) => ({
      name: `${index}-${text}`,
      text: text.repeat(2_000),
      bytes: text.length * 2_000,
    })),
  };
}
