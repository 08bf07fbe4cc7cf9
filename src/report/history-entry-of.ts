import { isLossCertain } from "../judge/loss-certainty.ts";
import type { RunDocument } from "../judge/run-document.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { describeMachine } from "./machine-words.ts";
import { describeReasons } from "./words/reason-words.ts";

/** What history keeps of a run that came to a verdict. */
export function entryOf(run: RunDocument, night: string | null, at: string): HistoryEntry {
  const { plan, counts, timings, latencyMs, kafka, sites } = run;
  return {
    schema: "everyline/history@1",
    night,
    runId: run.runId,
    at,
    claim: plan.claim.id,
    pipeline: plan.pipeline,
    scenario: plan.scenario,
    layout: plan.layout,
    verdict: run.verdict,
    reason: describeReasons(run)[0] ?? null,
    counts,
    lostAt: lostAt(run),
    duplicatedInKafka: kafka?.counts.duplicated ?? null,
    recoveryPoint: recoveryPointOf(sites),
    recoverySeconds: timings.recoverySeconds,
    overheadSeconds: Math.max(0, timings.totalSeconds - timings.loadSeconds),
    totalSeconds: timings.totalSeconds,
    latencyMs,
    images: describeVersions(run),
    machine: describeMachine(run.environment),
  };
}

function recoveryPointOf(sites: RunDocument["sites"]): HistoryEntry["recoveryPoint"] {
  if (sites === null || sites.rpoSeconds === null) return null;
  return { seconds: sites.rpoSeconds, isUpperBound: sites.isUpperBound };
}

/** A line that may only not have been seen was lost nowhere. */
function lostAt(run: RunDocument): Record<string, number> {
  const hops: Record<string, number> = {};
  if (!isLossCertain(run)) return hops;
  for (const { hop, from, to } of run.lost) hops[hop] = (hops[hop] ?? 0) + to - from + 1;
  return hops;
}

function describeVersions({ images }: RunDocument): string[] {
  const names = images.map(
    ({ reference, version }) => `${reference.replace(/^.*\//, "").replace(/[:@].*$/, "")} ${version}`,
  );
  return [...new Set(names)].sort();
}
