import { type Metric, sumOf } from "../base/metrics.ts";
import type { ShipperProduct } from "./shipper-product.ts";

/**
 * The OpenTelemetry Collector 0.158: `otelcol_exporter_queue_size` counts the requests of an exporter's sending queue, including those that
 * are being sent. By default it answers only on 127.0.0.1 of its container, where it cannot be reached from outside.
 */
export const otelCollector: ShipperProduct = {
  name: "the OpenTelemetry Collector",
  metricsPorts: [8_888],
  isKnownBy: (metrics) => metrics.some(({ name }) => name.startsWith("otelcol_")),
  held: (metrics) => sumOf(metrics.filter(isOfLogs), "otelcol_exporter_queue_size"),
  linesReadOf: () => undefined,
};

/** Exporters of traces and metrics have queues too, which are ignored. */
function isOfLogs({ labels }: Metric): boolean {
  return labels.data_type === undefined || labels.data_type === "logs";
}
