import { z } from "zod";
import type { Backoff } from "./retry-horizon.ts";
import { durationSchema, type ShipperPatience } from "./shipper-patience.ts";

const noLimit = z.literal([0, "0"]).transform(() => 0);
const retrySchema = z.object({
  initial_interval: durationSchema.prefault("5s"),
  max_interval: durationSchema.prefault("30s"),
  /** 0 for retries without end. */
  max_elapsed_time: noLimit.or(durationSchema).prefault("5m"),
  multiplier: z.number().default(1.5),
  randomization_factor: z.number().default(0.5),
});
const exporterSchema = z.object({
  timeout: durationSchema.prefault("30s"),
  retry_on_failure: retrySchema.prefault({}),
  sending_queue: z
    .object({ batch: z.object({ flush_timeout: durationSchema.prefault("200ms") }).nullish() })
    .nullish(),
});
/** A file exporter never tries again; whoever gave it the lines may, which a receiver of files does only if it is told to. */
const fileExporterSchema = z.object({ flush_interval: durationSchema.prefault("1s") });
const fileReceiverSchema = z.object({
  retry_on_failure: retrySchema
    .extend({ enabled: z.boolean().default(false), initial_interval: durationSchema.prefault("1s") })
    .prefault({}),
});
const batchSchema = z.object({ timeout: durationSchema.prefault("200ms") });
const named = z.record(z.string(), z.unknown()).nullish();
/** The names of exporters to files, and of receivers of files. */
export const fileExporterName = /^file(\/|$)/;
export const fileReceiverName = /^file_?log(\/|$)/;

const configSchema = z.object({ receivers: named, exporters: named, processors: named });

/** For a backoff whose waits grow no faster than this, the next wait can be estimated from the waits before. */
const mostGrowth = 2;

/**
 * How long a Collector waits between retries, by its configuration; settings that are absent have the defaults of its OTLP exporter over
 * HTTP and of `configretry` (0.158).
 *
 * @returns undefined if it has no exporter, or a value that is not a duration, such as a variable
 */
export function collectorPatience(config: unknown): ShipperPatience | undefined {
  const parsed = configSchema.safeParse(config);
  const { receivers, exporters, processors } = parsed.data ?? {};
  const isFile = (name: string) => fileExporterName.test(name);
  const all = z
    .object({
      senders: z.array(exporterSchema),
      files: z.array(fileExporterSchema),
      receivers: z.array(fileReceiverSchema),
      batches: z.array(batchSchema),
    })
    .safeParse({
      senders: partsOf(exporters, (name) => !isFile(name)),
      files: partsOf(exporters, isFile),
      receivers: partsOf(receivers, (name) => fileReceiverName.test(name)),
      batches: partsOf(processors, (name) => /^batch(\/|$)/.test(name)),
    });
  if (!all.success || Object.keys(exporters ?? {}).length === 0) return undefined;
  const { senders, files, batches } = all.data;
  const retried = all.data.receivers.filter(({ retry_on_failure: { enabled } }) => enabled);
  const ofSenders = senders.map(({ timeout, retry_on_failure: retry }) => backoffOf(retry, timeout));
  const ofFiles = retried.map(({ retry_on_failure: retry }) => backoffOf(retry, 0));
  const flushes = senders.map(({ sending_queue: queue }) => queue?.batch?.flush_timeout ?? 0);
  const waits = [
    ...flushes,
    ...files.map((file) => file.flush_interval),
    ...batches.map(({ timeout }) => timeout),
  ];
  return {
    backoffs: [...ofSenders, ...(files.length === 0 ? [] : ofFiles)],
    batchWaitMs: Math.max(0, ...waits),
  };
}

/** The settings of the parts whose names fit. */
function partsOf(
  named: Record<string, unknown> | null | undefined,
  fits: (name: string) => boolean,
): unknown[] {
  return Object.entries(named ?? {}).flatMap(([name, part]) => (fits(name) ? [part ?? {}] : []));
}

function backoffOf(retry: z.infer<typeof retrySchema>, tryTimeoutMs: number): Backoff {
  const maxPeriodMs = retry.max_interval * (1 + retry.randomization_factor);
  const isSteep = retry.multiplier > mostGrowth;
  return {
    minPeriodMs: isSteep ? maxPeriodMs : retry.initial_interval * (1 + retry.randomization_factor),
    maxPeriodMs,
    maxRetries: 0,
    tryTimeoutMs,
    ...(retry.max_elapsed_time === 0 ? {} : { maxElapsedMs: retry.max_elapsed_time }),
  };
}
