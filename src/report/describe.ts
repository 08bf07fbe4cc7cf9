import { describeDuration } from "../base/duration.ts";
import { deletesRecords } from "../faults/effects.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import type { RunDocument } from "../judge/run-document.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { sinkNameOf } from "./words/names.ts";

/** What a claim promises, in a few words. */
export function describeBounds({
  lost,
  duplicated,
  lostWindowSeconds,
  lostOlderThanSeconds,
  rpoSeconds,
  recoverySeconds,
}: Bounds): string {
  const promises = [
    lost === undefined ? [] : [lost === 0 ? "no loss" : `at most ${lost} lost`],
    lostWindowSeconds === undefined ? [] : [`loss only within < ${lostWindowSeconds} s`],
    lostOlderThanSeconds === undefined
      ? []
      : [`loss only of what was older than ${describeDuration(lostOlderThanSeconds)}`],
    rpoSeconds === undefined ? [] : [`RPO < ${rpoSeconds} s`],
    recoverySeconds === undefined ? [] : [`recovery within ${describeDuration(recoverySeconds)}`],
    duplicated === undefined ? [] : [duplicated === 0 ? "no duplicate" : `at most ${duplicated} duplicates`],
  ];
  return promises.flat().join(", ") || "nothing about lines";
}

/** How long it took until all lines of an outage were readable, in a few words. */
export function describeRecovery({ timings: { recoverySeconds, readBySeconds } }: RunDocument): string {
  const wasSeen = readBySeconds === undefined || readBySeconds === null;
  return wasSeen ? describeSeconds(recoverySeconds) : `at most ${describeSeconds(readBySeconds)}`;
}

/** What was measured, in a few words: the counts that are not zero. A line that may only not have been seen is not called lost. */
export function describeCounts(run: RunDocument): string {
  const { written, delivered, lost, ...others } = run.counts;
  const ofWritten = `${grouped(delivered)} of ${grouped(written)} delivered`;
  const rest = Object.entries(others).filter(([, count]) => count > 0);
  const anomalies = rest.map(([kind, count]) => `${grouped(count)} ${kind}`);
  if (!isLossCertain(run))
    return [`at least ${ofWritten}`, `${grouped(lost)} not seen`, ...anomalies].join(", ");
  return [ofWritten, `${grouped(lost)} lost`, ...anomalies].join(", ");
}

/** The first ranges of lost lines and how many more there are; none where they may only not have been seen. */
export function describeLost(run: RunDocument, maxRanges: number): string[] {
  if (!isLossCertain(run)) return [];
  const { lost } = run;
  const shown = lost.slice(0, maxRanges).map(({ source, from, to, hop, reason }) => {
    const lines = from === to ? `${from}` : `${from}-${to}`;
    const why = reason === undefined ? "" : `, ${reason}`;
    return `${source} ${lines} (${to - from + 1} lines, lost at hop ${hop}${why})`;
  });
  const omitted = lost.length - shown.length;
  return omitted > 0 ? [...shown, `and ${omitted} more ranges, all in run.json`] : shown;
}

/** What lay in Kafka, in a few words; undefined where there is none to tell of. */
export function describeKafka({ kafka, plan }: RunDocument): string | undefined {
  if (kafka === null) return undefined;
  const { counts, deleted, partitions, deadLetters, redelivered, retries, answers } = kafka;
  const letters = Object.entries(deadLetters).map(([reason, lines]) => `${grouped(lines)} ${reason}`);
  const refusals = Object.entries(answers).filter(([status]) => !status.startsWith("2"));
  const deletedBy = (plan.schedule ?? []).some(deletesRecords) ? "a fault" : "its retention";
  const facts = [
    `${grouped(counts.delivered)} of ${grouped(counts.written)} lines reached it`,
    `${grouped(counts.duplicated)} duplicated in it`,
    ...(deleted > 0 ? [`${grouped(deleted)} deleted by ${deletedBy} (${describeStarts(partitions)})`] : []),
    ...(counts.reordered > 0 ? [`${grouped(counts.reordered)} out of order in it`] : []),
    ...(letters.length > 0 ? [`dead letters: ${letters.join(", ")}`] : []),
    ...(Object.keys(retries).length > 0
      ? [`pushes to ${sinkNameOf(plan)} tried again after ${describeByName(retries)}`]
      : []),
    ...(redelivered === null ? [] : [`${grouped(redelivered)} sent to ${sinkNameOf(plan)} again`]),
    ...(refusals.length > 0
      ? [
          `the gateway refused ${refusals.map(([status, pushes]) => `${grouped(pushes)} pushes with ${status}`).join(", ")}`,
        ]
      : []),
  ];
  return facts.join("; ");
}

/** What the sink refused, by its own reasons, in a few words; undefined if nothing. */
export function describeDiscarded({ discarded, plan }: RunDocument): string | undefined {
  if (Object.keys(discarded).length === 0) return undefined;
  return `by ${sinkNameOf(plan)}: ${describeByName(discarded)}`;
}

/** What the loss of a site came to, in a few words; undefined if none was lost. */
export function describeSites({ sites }: RunDocument): string | undefined {
  if (sites === null) return undefined;
  const { rpoSeconds, isUpperBound, acknowledged, missing, returned } = sites;
  const { unacknowledged, unacknowledgedReturned } = sites;
  return [
    `RPO ${describeRecoveryPoint(rpoSeconds, isUpperBound)}`,
    `${grouped(missing)} of ${grouped(acknowledged)} acknowledged lines were missing in the second site, ${grouped(returned)} of them came back with the first`,
    `${grouped(unacknowledged)} written but not yet acknowledged, ${grouped(unacknowledgedReturned)} of them came later`,
  ].join("; ");
}

/** A recovery point, which may only be known to be at most so long. */
export function describeRecoveryPoint(seconds: number | null, isUpperBound: boolean): string {
  return seconds === null ? "not measured" : `${isUpperBound ? "at most " : ""}${seconds.toFixed(2)} s`;
}

/** How a long outage was held for a short time, in a sentence; undefined if it was not. */
export function describeTimeLapse({ timeLapse }: RunDocument): string | undefined {
  if (timeLapse === null) return undefined;
  const { outageSeconds, heldSeconds, agesKafka } = timeLapse;
  const held = `${describeDuration(outageSeconds)} in ${describeSeconds(heldSeconds)}`;
  return `${held}: ${describeLapse(outageSeconds, agesKafka)}`;
}

/** How a lapse is brought about, in a sentence. */
export function describeLapse(outageSeconds: number, agesKafka: boolean): string {
  const lines = `the lines written meanwhile carry times spread evenly over ${describeDuration(outageSeconds)}`;
  const stamp = "the shipper stamps a line with the line's own time";
  return agesKafka
    ? `${lines}, and so do their records; ${stamp}, and Kafka's retention was applied to the whole backlog before it ended`
    : `${lines}; ${stamp}`;
}

/** How long lines took until they could be read. */
export function describeLatency({ latencyMs }: RunDocument): string {
  return latencyMs
    ? `p50 ${latencyMs.p50} ms, p99 ${latencyMs.p99} ms, max ${latencyMs.max} ms`
    : "nothing arrived";
}

/** How long the run took, and its phases. */
export function describeTimings({ timings }: RunDocument): string {
  const { upSeconds, loadSeconds, outageSeconds, readSeconds, totalSeconds } = timings;
  const parts = { up: upSeconds, load: loadSeconds, "of which outage": outageSeconds, read: readSeconds };
  const told = Object.entries(parts).map(([name, seconds]) => `${name} ${describeSeconds(seconds)}`);
  return `${describeSeconds(totalSeconds)} (${told.join(", ")})`;
}

/** The images that ran, each once, with their origin. */
export function describeImages({ images }: RunDocument): string {
  return [...new Set(images.map(({ reference, origin }) => `${reference} (${origin})`))].join(", ");
}

function describeByName(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${grouped(count)} times`)
    .join(", ");
}

function describeStarts(partitions: NonNullable<RunDocument["kafka"]>["partitions"]): string {
  const starts = partitions.map(({ partition, logStartOffset }) => `${partition}: ${logStartOffset}`);
  return `log start offsets ${starts.join(", ")}`;
}

/** A number with its thousands set apart. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** Seconds with a sensible number of decimals; a dash where there is nothing to tell. */
export function describeSeconds(seconds: number | null): string {
  return seconds === null ? "-" : `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
}

/** A number of things, as people say it: `1 run`, `1,000 runs`. */
export function countOf(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** Milliseconds as people read them: whole ones below a second, seconds from there on. */
export function describeMs(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
