import { z } from "zod";
import { durationSchema, type ShipperPatience } from "./shipper-patience.ts";

const exporterSchema = z.object({
  timeout: durationSchema.prefault("30s"),
  retry_on_failure: z
    .object({
      initial_interval: durationSchema.prefault("5s"),
      max_interval: durationSchema.prefault("30s"),
      multiplier: z.number().default(1.5),
      randomization_factor: z.number().default(0.5),
    })
    .prefault({}),
  sending_queue: z
    .object({ batch: z.object({ flush_timeout: durationSchema.prefault("200ms") }).nullish() })
    .nullish(),
});
const batchSchema = z.object({ timeout: durationSchema.prefault("200ms") });
const named = z.record(z.string(), z.unknown()).nullish();
const configSchema = z.object({ exporters: named, processors: named });

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
  const { exporters, processors } = parsed.data ?? {};
  const all = z
    .array(exporterSchema)
    .min(1)
    .safeParse(Object.values(exporters ?? {}).map((one) => one ?? {}));
  const batches = Object.entries(processors ?? {}).filter(([name]) => /^batch(\/|$)/.test(name));
  const waits = z.array(batchSchema).safeParse(batches.map(([, batch]) => batch ?? {}));
  if (!all.success || !waits.success) return undefined;
  const backoffs = all.data.map(({ timeout, retry_on_failure: retry }) => {
    const maxPeriodMs = retry.max_interval * (1 + retry.randomization_factor);
    const isSteep = retry.multiplier > mostGrowth;
    return {
      minPeriodMs: isSteep ? maxPeriodMs : retry.initial_interval * (1 + retry.randomization_factor),
      maxPeriodMs,
      maxRetries: 0,
      tryTimeoutMs: timeout,
    };
  });
  const flushes = all.data.map(({ sending_queue: queue }) => queue?.batch?.flush_timeout ?? 0);
  return { backoffs, batchWaitMs: Math.max(0, ...flushes, ...waits.data.map(({ timeout }) => timeout)) };
}
