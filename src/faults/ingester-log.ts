import { parse } from "yaml";
import { z } from "zod";
import { UsageError } from "../base/errors.ts";
import { sumOf } from "../base/metrics.ts";
import { marksOf } from "../load/line-marks.ts";
import type { LoadWriter } from "../load/load-writer.ts";
import type { Pipeline } from "../pipeline/pipeline.ts";
import type { Instance, InstanceFile } from "../places/instance.ts";
import { configPageOf } from "../places/instance-config.ts";
import { metricsAt } from "../places/instance-metrics.ts";
import type { WalRecord } from "../products/wal-segment.ts";
import { ingestersOf, missingTarget, onlyStartedHere, severalInstances, withoutKnownLog } from "./targets.ts";

/** The maximum size of a log, which is read into memory at once. */
export const maxWalBytes = 256 * 1_024 * 1_024;

const configSchema = z.object({
  ingester: z.object({ wal: z.object({ enabled: z.literal(true), dir: z.string() }) }),
});

/** The folder of an ingester's log, and how many chunks it has already written to the store. */
export interface IngesterLog {
  dir: string;
  flushedChunks: number;
}

/**
 * Asks a running ingester for its write-ahead log.
 *
 * @param flushedMetric the metric by which it counts the chunks that it wrote to the store
 * @throws UsageError if it has no write-ahead log
 */
export async function askForLog(instance: Instance, flushedMetric: string): Promise<IngesterLog> {
  const { url, text } = await configPageOf(instance, "where its write-ahead log is");
  const config = configSchema.safeParse(parse(text));
  if (!config.success) throw new UsageError(`${instance.name} has no write-ahead log that could be damaged.`);
  const { dir } = config.data.ingester.wal;
  return { dir, flushedChunks: sumOf(await metricsAt(url), flushedMetric) };
}

/** Why the write-ahead logs of a target's ingesters cannot be damaged; undefined if they can. */
export function undamageable(pipeline: Pipeline, target: string): string | undefined {
  return (
    onlyStartedHere(pipeline, "damages a write-ahead log") ??
    withoutKnownLog(pipeline) ??
    missingTarget(pipeline, target) ??
    severalInstances(pipeline, ingestersOf(pipeline, target))
  );
}

/** The segments among the files of a log, the oldest first. */
export function segmentsIn(files: readonly InstanceFile[]): InstanceFile[] {
  return files
    .filter(({ name }) => /^\d+$/.test(name))
    .sort((one, other) => Number(one.name) - Number(other.name));
}

/** Whether a log has a checkpoint, which holds the lines of earlier segments as well. */
export function hasCheckpoint(files: readonly InstanceFile[]): boolean {
  return files.some(({ name }) => name.startsWith("checkpoint."));
}

/** Finds the lines of a run in records, as `SOURCE/SEQUENCE`, without sentinels. */
export function lineFinder({ plan }: Pick<LoadWriter, "plan">): (records: WalRecord[]) => Set<string> {
  const { seed, line } = plan;
  const { head } = marksOf(seed, line !== undefined);
  const pattern = new RegExp(`${head}${seed}/([\\w.-]+/[1-9]\\d*)[" ]`, "g");
  return (records) =>
    new Set(
      records.flatMap(({ payload }) =>
        [...payload.toString("latin1").matchAll(pattern)].map(([, identity]) => identity!),
      ),
    );
}
