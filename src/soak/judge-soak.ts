import { isBusy, isWaitingForDisk, type MachineUse } from "../base/machine-use.ts";
import type { RunDocument } from "../judge/run-document.ts";
import type { Timeline } from "../judge/timeline-document.ts";
import { worstOf } from "../plan/verdict.ts";
import { driftOf } from "./drift.ts";
import { measuredOf, seriesOfRun } from "./series-of-run.ts";
import type { SoakDocument } from "./soak-document.ts";

/** That none of the intervals misses the true slope. */
const confidence = 0.95;
const msPerHour = 3_600_000;

/** A run without a fault, and what a soak needs to know of it in addition. */
export interface SoakedRun {
  run: RunDocument;
  timeline: Timeline;
  /** The instances whose memory, descriptors and disk are looked at. */
  instances: readonly string[];
  /** The mean length of a line as it is written, with its line end. */
  bytesPerLine: number;
  finishedAt: string;
  /** How much of the machine was used during the run. */
  machine: MachineUse;
}

/**
 * Judges a soak: its lines as those of any run, and each trend. The intervals hold together with a confidence of 95 %: each of n has one of
 * 1 - 0.05 / n (Bonferroni), so that many series do not make a false leak likely.
 */
export function judgeSoak(
  { run, timeline, instances, bytesPerLine, finishedAt, machine }: SoakedRun,
  { hours, linesPerSecond, warmUpSeconds }: Pick<SoakDocument, "hours" | "linesPerSecond" | "warmUpSeconds">,
): SoakDocument {
  const measured = measuredOf(timeline, warmUpSeconds);
  const series = seriesOfRun(timeline, instances, measured, linesPerSecond);
  const ofEach = 1 - (1 - confidence) / series.length;
  const isMachineAtItsEnd = isBusy(machine) || isWaitingForDisk(machine);
  const written = { linesPerSecond, bytesPerLine, isMachineAtItsEnd };
  const drifts = series.map((each) => driftOf(each, written, ofEach));
  return {
    schema: "everyline/soak@1",
    runId: run.runId,
    finishedAt,
    pipeline: run.plan.pipeline,
    layout: run.plan.layout,
    ...{ environment: run.environment, images: run.images },
    ...{ hours, linesPerSecond, bytesPerLine, warmUpSeconds, confidence, machine },
    measuredHours: (measured.toMs - measured.fromMs) / msPerHour,
    counts: run.counts,
    linesVerdict: run.verdict,
    drifts,
    verdict: worstOf([run.verdict, ...drifts.map(({ verdict }) => verdict)]),
  };
}
