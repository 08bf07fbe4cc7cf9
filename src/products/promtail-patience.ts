import { z } from "zod";
import { configInPage } from "./promtail-config-page.ts";
import { durationSchema, type ShipperPatience } from "./shipper-patience.ts";

const clientSchema = z.object({
  batchwait: durationSchema.prefault("1s"),
  timeout: durationSchema.prefault("10s"),
  backoff_config: z
    .object({
      min_period: durationSchema.prefault("500ms"),
      max_period: durationSchema.prefault("5m"),
      max_retries: z.int().default(10),
    })
    .prefault({}),
});
const configSchema = z.object({ clients: z.array(clientSchema).min(1) });

/**
 * How long a Promtail waits between retries, by its configuration; absent settings have Promtail 3.6.4's defaults (`client/config.go`).
 *
 * @returns undefined if it names no client, or a value that is not a duration, such as a variable
 */
export function promtailPatience(config: unknown): ShipperPatience | undefined {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) return undefined;
  const { clients } = parsed.data;
  return {
    backoffs: clients.map(({ timeout, backoff_config: backoff }) => ({
      minPeriodMs: backoff.min_period,
      maxPeriodMs: backoff.max_period,
      maxRetries: backoff.max_retries,
      tryTimeoutMs: timeout,
    })),
    batchWaitMs: Math.max(...clients.map(({ batchwait }) => batchwait)),
  };
}

/**
 * The same from Promtail's answer at `/config`.
 *
 * @returns undefined if it is not such a page
 */
export function patienceOf(page: string): ShipperPatience | undefined {
  return promtailPatience(configInPage(page));
}
