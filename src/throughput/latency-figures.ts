import { build } from "hdr-histogram-js";
import type { Arrivals } from "../load/arrivals.ts";
import { type Ledger, writtenAtMs, writtenIn } from "../load/ledger.ts";
import type { Verdict } from "../plan/verdict.ts";
import { isMachineAtItsEnd } from "./limits-of-trials.ts";
import type { LatencyReason, LatencyTrial, Quantiles } from "./throughput-document.ts";

/** The thread that writes looks every 5 ms what is due; a line that is later than this was not written in time. */
const lateAfterMs = 50;
const longestMs = 86_400_000;

/** When each line of a trial was seen, and until when it was certainly not readable. */
interface SeenTimes {
  seen: Pick<Arrivals, "atMs" | "count">;
  unseen: Pick<Arrivals, "atMs">;
}

/**
 * The latency of every line. At most, it is from the moment at which the line was to be written until it was seen: measured from a later moment,
 * a pipeline that holds up its writer would look fast. At least, it is from the moment at which the line was certainly written until it was last
 * looked for in vain: what Everyline wrote late is not the pipeline's.
 */
export function latencyFigures(
  ledger: Ledger,
  { seen, unseen }: SeenTimes,
): Pick<LatencyTrial, "lines" | "unseen" | "writtenLate" | "atMost" | "atLeast"> {
  const atMost = build({ highestTrackableValue: longestMs, numberOfSignificantValueDigits: 3 });
  const atLeast = build({ highestTrackableValue: longestMs, numberOfSignificantValueDigits: 3 });
  const record = (histogram: typeof atMost, ms: number) =>
    histogram.recordValue(Math.min(longestMs, Math.max(0, Math.round(ms))));
  let writtenLate = 0;
  for (const source of ledger.sources) {
    const startMs = source.marks[0]?.[1] ?? 0;
    for (let sequence = 1; sequence <= source.written; sequence++) {
      const dueMs = startMs + ((sequence - 1) / ledger.clock.linesPerSecond) * 1_000;
      const writtenMs = writtenAtMs(source, sequence)!;
      if (writtenMs - dueMs > lateAfterMs) writtenLate++;
      const seenAtMs = seen.atMs(source.source, sequence);
      if (seenAtMs === undefined) continue;
      record(atMost, seenAtMs - dueMs);
      record(atLeast, unseen.atMs(source.source, sequence)! - writtenMs);
    }
  }
  const quantilesOf = (histogram: typeof atMost): Quantiles | null =>
    histogram.totalCount === 0
      ? null
      : {
          p50: histogram.getValueAtPercentile(50),
          p99: histogram.getValueAtPercentile(99),
          p999: histogram.getValueAtPercentile(99.9),
          max: histogram.maxValue,
        };
  const lines = writtenIn(ledger);
  return {
    ...{ lines, writtenLate, unseen: lines - seen.count },
    ...{ atMost: quantilesOf(atMost), atLeast: quantilesOf(atLeast) },
  };
}

/**
 * Whether every line was readable in less than some time. `holds` needs every line to have been seen by then, and `broken` one that was
 * certainly not readable by then, on a machine that was not at its end.
 *
 * @param belowMs undefined if nothing is claimed
 */
export function latencyVerdict(
  belowMs: number | undefined,
  trials: readonly LatencyTrial[],
): { verdict: Verdict; why: LatencyReason } {
  if (belowMs === undefined) return { verdict: "unknown", why: "no-claim" };
  if (trials.length === 0) return { verdict: "unknown", why: "not-measured" };
  const late = trials.filter(({ atLeast }) => atLeast !== null && atLeast.max >= belowMs);
  if (late.some(({ processors }) => !isMachineAtItsEnd({ processors, writtenLate: 0 })))
    return { verdict: "broken", why: "certainly-late" };
  if (late.length > 0) return { verdict: "unknown", why: "machine-at-its-end" };
  if (trials.some(({ unseen }) => unseen > 0)) return { verdict: "unknown", why: "not-seen" };
  const isInTime = trials.every(({ atMost }) => atMost !== null && atMost.max < belowMs);
  return isInTime ? { verdict: "holds", why: "in-time" } : { verdict: "unknown", why: "between-looks" };
}
