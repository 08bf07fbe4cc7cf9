import { basename } from "node:path";
import { type Metric, sumOf } from "../base/metrics.ts";
import type { ShipperProduct } from "./shipper-product.ts";

/** Reasons for which a batch was dropped; other reasons concern single lines, which were never encoded. */
const batchReasons = ["ingester_error", "rate_limited"];

/**
 * Promtail 3.6.4 (`clients/pkg/promtail/client/client.go`): a batch's bytes are counted as encoded before the first try, and as sent or
 * dropped after the last. The difference is being sent, or waits for a retry.
 */
export const promtail: ShipperProduct = {
  name: "Promtail",
  metricsPorts: [9_080, 80, 3_101],
  isKnownBy: (metrics) => metrics.some(({ name }) => name.startsWith("promtail_")),
  counters: {
    read: ["promtail_read_lines_total"],
    sent: ["promtail_sent_entries_total"],
    dropped: [{ name: "promtail_dropped_entries_total", reasonOf: ({ reason = "unknown" }) => reason }],
  },
  positions: (metrics) =>
    Object.fromEntries(
      metrics
        .filter(({ name }) => name === "promtail_read_bytes_total")
        .map(({ labels, value }) => [basename(labels.path ?? ""), value]),
    ),
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
  linesReadOf: (metrics, fileNames) =>
    sumOf(
      metrics.filter(({ labels }) => fileNames.some((name) => isFileOf(name, labels))),
      "promtail_read_lines_total",
    ) + (fileNames.some(isJsonFile) ? sumOf(metrics, "promtail_docker_target_entries_total") : 0),
};

/** Of lines that the engine answers with, Promtail does not count by container. A run shows it none but its own. */
function isJsonFile(name: string): boolean {
  return name.endsWith("-json.log");
}

function isFileOf(name: string, { path = "" }: Metric["labels"]): boolean {
  return basename(path).startsWith(name);
}
