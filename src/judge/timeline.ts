import { build } from "hdr-histogram-js";
import { type Ledger, notWrittenBeforeMs, type SourceLedger, writtenAtMs } from "../load/ledger.ts";
import type { Plan } from "../plan/plan.ts";
import { check } from "./check.ts";
import type { FaultRecord } from "./fault-record.ts";
import { faultsThatEnded } from "./faults-that-ended.ts";
import { LongestRanges } from "./longest-ranges.ts";
import type { Observation } from "./observation.ts";
import type { ArrivalTimes } from "./recording.ts";
import type { RunDocument } from "./run-document.ts";
import { maxBuckets, type TimedRange, type Timeline, type TimelineBucket } from "./timeline-document.ts";
import { maxLatencyMs, recoveredAtMs } from "./timing.ts";
import { maxTracks, type Observed, type Track } from "./track.ts";
import { worstReading } from "./worst-reading.ts";

const shortestBucketMs = 100;

/** What a timeline is made of. */
export interface TimelineOptions {
  /** What the observers recorded. */
  observed: readonly Observed[];
  measured: { ledger: Ledger; arrivals: ArrivalTimes; faults: FaultRecord[]; observations: Observation[] };
  /** What came of it: its losses are those of the document. */
  document: Pick<RunDocument, "counts" | "lost">;
  plan: Pick<Plan, "schedule">;
}

/** Puts what a run wrote, read and lost in the order of time. Pure; looks at each line a few times. */
export function timelineOf({ observed, measured, document, plan }: TimelineOptions): Timeline {
  const { ledger, arrivals, faults, observations } = measured;
  const { counts } = document;
  const buckets = new Buckets(ledger);
  buckets.fillLatencies(arrivals);
  const lost = lossesOf(ledger, document, buckets);
  const { duplicated, placed } = duplicatesOf(ledger, worstOf(ledger, observations), buckets);
  return {
    schema: "everyline/timeline@2",
    observers: observed.map(({ tracks: _, ...observer }) => observer),
    tracks: observed
      .flatMap(({ tracks }) => tracks)
      .slice(0, maxTracks)
      .map((track) => asFarAsKnown(track, faults, plan)),
    sentinels: ledger.sources.length,
    bucketMs: buckets.widthMs,
    buckets: buckets.list,
    lost,
    duplicated,
    unplacedCopies: Math.max(0, counts.duplicated - placed),
    recoveredAt: recoveredAtMs(ledger, arrivals, faults),
  };
}

/** A process that was ended has lost what it counted last, and its successor may count the same lines again. */
function asFarAsKnown(track: Track, faults: FaultRecord[], plan: Pick<Plan, "schedule">): Track {
  const { countedBy } = track;
  if (track.kind !== "series" || countedBy === undefined) return track;
  const endings = faultsThatEnded(plan, faults, countedBy);
  const knownUntilMs = Math.min(...endings.map(({ startedAt }) => Date.parse(startedAt)));
  return {
    ...track,
    values: track.values.map((value, index) => (track.at[index]! > knownUntilMs ? null : value)),
  };
}

/** The time of writing, divided evenly. */
class Buckets {
  readonly list: TimelineBucket[];
  readonly widthMs: number;
  readonly #sources: SourceLedger[];
  readonly #startMs: number;

  constructor({ sources }: Ledger) {
    this.#sources = sources.filter(({ written }) => written > 0);
    const startMs = Math.min(
      ...this.#sources.map((source) => notWrittenBeforeMs(source, 1) ?? timeOf(source, 1)),
    );
    const endMs = Math.max(...this.#sources.map((source) => timeOf(source, source.written)));
    const isEmpty = this.#sources.length === 0;
    this.#startMs = isEmpty ? 0 : startMs;
    const spanMs = isEmpty ? 0 : endMs - startMs;
    this.widthMs = isEmpty ? 0 : Math.max(shortestBucketMs, Math.ceil((spanMs + 1) / maxBuckets));
    const length = isEmpty ? 0 : Math.floor(spanMs / this.widthMs) + 1;
    this.list = Array.from({ length }, (_, index) => ({
      at: this.#startMs + index * this.widthMs,
      written: 0,
      arrived: 0,
      latencyMs: null,
      lost: 0,
      duplicated: 0,
    }));
  }

  of(source: SourceLedger, sequence: number): TimelineBucket {
    return this.list[this.#indexOf(source, sequence)]!;
  }

  /** Bucket by bucket with one histogram, as each takes much room. */
  fillLatencies(arrivals: ArrivalTimes): void {
    const histogram = build({ highestTrackableValue: maxLatencyMs, numberOfSignificantValueDigits: 3 });
    const next = this.#sources.map(() => 1);
    for (const [index, bucket] of this.list.entries()) {
      histogram.reset();
      for (const [position, source] of this.#sources.entries()) {
        let sequence = next[position]!;
        for (; sequence <= source.written && this.#indexOf(source, sequence) === index; sequence++) {
          bucket.written++;
          const arrivedAtMs = arrivals.atMs(source.source, sequence);
          if (arrivedAtMs === undefined) continue;
          const latencyMs = Math.max(0, Math.round(arrivedAtMs - timeOf(source, sequence)));
          histogram.recordValue(Math.min(latencyMs, maxLatencyMs));
        }
        next[position] = sequence;
      }
      bucket.arrived = histogram.totalCount;
      if (bucket.arrived > 0)
        bucket.latencyMs = { p50: histogram.getValueAtPercentile(50), max: histogram.maxValue };
    }
  }

  #indexOf(source: SourceLedger, sequence: number): number {
    return Math.floor((timeOf(source, sequence) - this.#startMs) / this.widthMs);
  }
}

/** Of a line that was written: a mark covers each, as the last is always kept. */
function timeOf(source: SourceLedger, sequence: number): number {
  return writtenAtMs(source, sequence)!;
}

function lossesOf(ledger: Ledger, { lost }: Pick<RunDocument, "lost">, buckets: Buckets): Timeline["lost"] {
  const sources = new Map(ledger.sources.map((source) => [source.source, source]));
  const longest = new LongestRanges<RunDocument["lost"][number]>();
  for (const range of lost) {
    const source = sources.get(range.source)!;
    for (let sequence = range.from; sequence <= range.to; sequence++) buckets.of(source, sequence).lost++;
    longest.add(range);
  }
  return inTime(longest.end(), sources);
}

function duplicatesOf(
  ledger: Ledger,
  observation: Observation | undefined,
  buckets: Buckets,
): { duplicated: Timeline["duplicated"]; placed: number } {
  const longest = new LongestRanges<{ source: string; from: number; to: number }>();
  let placed = 0;
  for (const source of ledger.sources) {
    const tally = observation?.tallyOf(source.source);
    let range: { source: string; from: number; to: number } | undefined;
    for (let sequence = 1; tally && sequence <= source.written; sequence++) {
      const surplus = tally.copiesOf(sequence) - 1;
      if (surplus <= 0) continue;
      placed += surplus;
      buckets.of(source, sequence).duplicated += surplus;
      if (range?.to === sequence - 1) {
        range.to = sequence;
        continue;
      }
      if (range) longest.add(range);
      range = { source: source.source, from: sequence, to: sequence };
    }
    if (range) longest.add(range);
  }
  const sources = new Map(ledger.sources.map((source) => [source.source, source]));
  return { duplicated: inTime(longest.end(), sources), placed };
}

/** The reading whose duplicates the document counts. */
function worstOf(ledger: Ledger, observations: Observation[]): Observation | undefined {
  return observations[worstReading(observations.map((observation) => check(ledger, observation).counts))];
}

function inTime<Range extends Omit<TimedRange, "fromMs" | "toMs">>(
  { ranges, ...omitted }: { ranges: Range[]; omittedRanges: number; omittedLines: number },
  sources: ReadonlyMap<string, SourceLedger>,
): { ranges: (Range & TimedRange)[]; omittedRanges: number; omittedLines: number } {
  const timed = ranges.map((range) => {
    const source = sources.get(range.source)!;
    const toMs = timeOf(source, range.to);
    return { ...range, fromMs: notWrittenBeforeMs(source, range.from) ?? timeOf(source, range.from), toMs };
  });
  return { ranges: timed.sort((one, other) => one.fromMs - other.fromMs), ...omitted };
}
