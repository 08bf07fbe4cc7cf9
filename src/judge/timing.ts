import { build } from "hdr-histogram-js";
import { type Ledger, sequencesWrittenBetween, writtenAtMs } from "../load/ledger.ts";
import type { FaultRecord } from "./fault-record.ts";
import type { Observation } from "./observation.ts";
import type { ArrivalTimes } from "./recording.ts";
import type { RunDocument } from "./run-document.ts";

/** A longer latency is recorded as this value. */
export const maxLatencyMs = 7 * 86_400_000;

/** The time from the return of a line's write until it was readable. */
export interface Latencies {
  latencyMs: RunDocument["latencyMs"];
  /** Lines that took longer than allowed. */
  late: number;
}

/** Measures every line that arrived, with the precision of the polling interval. */
export function measureLatencies(
  ledger: Ledger,
  arrivals: ArrivalTimes,
  lateAfterSeconds: number | undefined,
): Latencies {
  const histogram = build({ highestTrackableValue: maxLatencyMs, numberOfSignificantValueDigits: 3 });
  const lateAfterMs = (lateAfterSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  let late = 0;
  for (const source of ledger.sources) {
    for (let sequence = 1; sequence <= source.written; sequence++) {
      const arrivedAtMs = arrivals.atMs(source.source, sequence);
      const writtenMs = writtenAtMs(source, sequence);
      if (arrivedAtMs === undefined || writtenMs === undefined) continue;
      const latencyMs = Math.max(0, Math.round(arrivedAtMs - writtenMs));
      histogram.recordValue(Math.min(latencyMs, maxLatencyMs));
      if (latencyMs > lateAfterMs) late++;
    }
  }
  if (histogram.totalCount === 0) return { latencyMs: null, late };
  const { maxValue: max } = histogram;
  return {
    latencyMs: { p50: histogram.getValueAtPercentile(50), p99: histogram.getValueAtPercentile(99), max },
    late,
  };
}

/**
 * The time from the end of the last fault until all lines written during a fault were readable; 0 if they were readable before that, null
 * if no such line arrived.
 */
export function recoverySeconds(
  ledger: Ledger,
  arrivals: ArrivalTimes,
  faults: FaultRecord[],
): number | null {
  const recoveredMs = recoveredAtMs(ledger, arrivals, faults);
  return recoveredMs === null ? null : secondsAfter(faults, recoveredMs);
}

/** The time from the end of the last fault that lasted until a moment in Unix milliseconds; 0 if that was before. */
export function secondsAfter(faults: FaultRecord[], atMs: number): number {
  const healedAtMs = Math.max(...lastingOf(faults).map(({ endedAt }) => Date.parse(endedAt)));
  return Math.max(0, atMs - healedAtMs) / 1_000;
}

/** When the last line that was written during a fault became readable, in Unix milliseconds; null if no such line arrived. */
export function recoveredAtMs(ledger: Ledger, arrivals: ArrivalTimes, faults: FaultRecord[]): number | null {
  let lastArrivalMs = Number.NEGATIVE_INFINITY;
  for (const { source, sequence } of linesUnder(ledger, faults))
    lastArrivalMs = Math.max(lastArrivalMs, arrivals.atMs(source, sequence) ?? lastArrivalMs);
  return lastArrivalMs === Number.NEGATIVE_INFINITY ? null : lastArrivalMs;
}

/** How many lines that were written during a fault were read back and not seen to arrive. */
export function unseenDuring({
  ledger,
  arrivals,
  faults,
  observation,
}: {
  ledger: Ledger;
  arrivals: ArrivalTimes;
  faults: FaultRecord[];
  observation: Observation;
}): number {
  let unseen = 0;
  for (const { source, sequence } of linesUnder(ledger, faults))
    if (arrivals.atMs(source, sequence) === undefined && observation.isDelivered(source, sequence)) unseen++;
  return unseen;
}

/** The lines that were certainly written while a fault held; more than once if several faults held. */
function* linesUnder(ledger: Ledger, faults: FaultRecord[]): Generator<{ source: string; sequence: number }> {
  for (const { startedAt, endedAt } of lastingOf(faults)) {
    for (const source of ledger.sources) {
      const range = sequencesWrittenBetween(source, Date.parse(startedAt), Date.parse(endedAt));
      for (let sequence = range?.from ?? 1; sequence <= (range?.to ?? 0); sequence++)
        yield { source: source.source, sequence };
    }
  }
}

function lastingOf(faults: FaultRecord[]): FaultRecord[] {
  return faults.filter(({ startedAt, endedAt }) => startedAt !== endedAt);
}

/** How long at least one fault held. */
export function outageSeconds(faults: FaultRecord[]): number {
  return coveredSeconds(faults.map(({ startedAt, endedAt }) => [Date.parse(startedAt), Date.parse(endedAt)]));
}

/**
 * The time for which the shipper may have been refused. It begins with the injection of each fault, because a process that is told to end
 * may refuse requests long before it exits. It ends when what the fault broke works again.
 *
 * @param worksAtMs when that was observed after the last fault, in Unix milliseconds
 */
export function disturbedSeconds(faults: FaultRecord[], worksAtMs: number): number {
  const lasting = lastingOf(faults);
  const windows = lasting.map(({ askedAt, startedAt, endedAt }): Window => {
    const endMs = Date.parse(endedAt);
    const isLast = lasting.every((other) => Date.parse(other.endedAt) <= endMs);
    return [Date.parse(askedAt ?? startedAt), isLast ? Math.max(endMs, worksAtMs) : endMs];
  });
  return coveredSeconds(windows);
}

/** From and to, in Unix milliseconds. */
type Window = readonly [fromMs: number, toMs: number];

function coveredSeconds(unsorted: Window[]): number {
  const windows = unsorted.toSorted(([one], [other]) => one - other);
  let totalMs = 0;
  let coveredUntilMs = Number.NEGATIVE_INFINITY;
  for (const [startMs, endMs] of windows) {
    totalMs += Math.max(0, endMs - Math.max(startMs, coveredUntilMs));
    coveredUntilMs = Math.max(coveredUntilMs, endMs);
  }
  return totalMs / 1_000;
}
