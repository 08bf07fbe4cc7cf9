import { type Metric, sumOf } from "../base/metrics.ts";
import type { ShipperProduct } from "./shipper-product.ts";

/** A counter is called without its suffix by default, and with it if the configuration says `without_type_suffix: false`. */
const named = (name: string) => [name, `${name}_total`];

const accepted = named("otelcol_receiver_accepted_log_records");
const refused = ["refused", "failed"].flatMap((how) => named(`otelcol_receiver_${how}_log_records`));
const givenUp = named("otelcol_exporter_send_failed_log_records");

/**
 * The OpenTelemetry Collector 0.158. By default it answers only on 127.0.0.1 of its container, where it cannot be reached from outside.
 *
 * A receiver counts lines as accepted when the queue has them, and as refused (or failed) when it does not try that again: with
 * `retry_on_failure`, when it gives up. An exporter counts lines as failed to send when it gives up, and not for each try. `otelcol_exporter_enqueue_failed_log_records`
 * is left out, because it counts what the receiver counts as refused, and with `retry_on_failure` each try. `otelcol_exporter_queue_size` counts
 * the requests of an exporter's sending queue, including those that are being sent.
 */
export const otelCollector: ShipperProduct = {
  name: "the OpenTelemetry Collector",
  metricsPorts: [8_888],
  isKnownBy: (metrics) => metrics.some(({ name }) => name.startsWith("otelcol_")),
  counters: {
    read: [...accepted, ...refused],
    sent: named("otelcol_exporter_sent_log_records"),
    dropped: [
      ...refused.map((name) => ({ name, reasonOf: () => "refused" })),
      ...givenUp.map((name) => ({ name, reasonOf: () => "given up" })),
    ],
  },
  positions: () => ({}),
  held: (metrics) => sumOf(metrics.filter(isOfLogs), "otelcol_exporter_queue_size"),
  linesReadOf: () => undefined,
};

/** Exporters of traces and metrics have queues too, which are ignored. */
function isOfLogs({ labels }: Metric): boolean {
  return labels.data_type === undefined || labels.data_type === "logs";
}
