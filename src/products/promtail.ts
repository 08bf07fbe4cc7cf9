import { basename } from "node:path";
import { z } from "zod";
import { goDurationMs } from "../duration.ts";
import type { Backoff } from "../guarantees/retry-horizon.ts";
import { type Metric, sumOf } from "../metrics.ts";
import { parsedYaml } from "../parsed-yaml.ts";
import { promtailSettings } from "./promtail-settings.ts";
import type { ShipperProduct } from "./shipper-product.ts";

/** Why a batch was given up; other reasons are of single lines, which were never encoded. */
const batchReasons = ["ingester_error", "rate_limited"];

/**
 * Promtail 3.6.4 (`clients/pkg/promtail/client/client.go`): a batch's bytes are counted as encoded before the first try, and as sent or
 * dropped after the last. What is between is being tried, or waits to be tried again.
 */
export const promtail: ShipperProduct = {
  name: "Promtail",
  metricsPorts: [9_080, 80, 3_101],
  configuration: {
    image: /promtail/i,
    flag: /^--?config\.file$/,
    defaults: ["/etc/promtail/config.yml", "/etc/promtail/promtail.yaml"],
    settingsOf: promtailSettings,
  },
  isKnownBy: (metrics) => metrics.some(({ name }) => name.startsWith("promtail_")),
  held: (metrics) =>
    Math.max(
      0,
      sumOf(metrics, "promtail_encoded_bytes_total") -
        sumOf(metrics, "promtail_sent_bytes_total") -
        sumOf(
          metrics.filter(({ labels }) => batchReasons.includes(labels.reason ?? "")),
          "promtail_dropped_bytes_total",
        ),
    ),
  linesReadOf: (metrics, sources) =>
    sumOf(
      metrics.filter(({ labels }) => sources.some((source) => isFileOf(source, labels))),
      "promtail_read_lines_total",
    ),
};

function isFileOf(source: string, { path = "" }: Metric["labels"]): boolean {
  return basename(path).startsWith(`${source}.log`);
}

/** How long a shipper waits between tries, as its own configuration says. */
export interface ShipperPatience {
  backoffs: Backoff[];
  /** How long lines may wait for their batch to fill. */
  batchWaitMs: number;
}

const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/)
  .transform(goDurationMs);

const pageSchema = z.object({
  clients: z
    .array(
      z.object({
        batchwait: duration,
        timeout: duration,
        backoff_config: z.object({ min_period: duration, max_period: duration, max_retries: z.int() }),
      }),
    )
    .min(1),
});

const entities: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  "#34": '"',
  "#39": "'",
  "#43": "+",
};

/**
 * Reads what Promtail answers at `/config`: a page that shows the configuration it runs with, defaults and all.
 *
 * @returns undefined if it is no such page
 */
export function patienceOf(page: string): ShipperPatience | undefined {
  const text = /<pre id="config_yaml">([\s\S]*?)<\/pre>/.exec(page)?.[1];
  if (text === undefined) return undefined;
  const clients = pageSchema.safeParse(
    parsedYaml(text.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole)),
  );
  if (!clients.success) return undefined;
  const backoffs = clients.data.clients.map(({ timeout, backoff_config: backoff }) => ({
    minPeriodMs: backoff.min_period,
    maxPeriodMs: backoff.max_period,
    maxRetries: backoff.max_retries,
    tryTimeoutMs: timeout,
  }));
  return { backoffs, batchWaitMs: Math.max(...clients.data.clients.map(({ batchwait }) => batchwait)) };
}
