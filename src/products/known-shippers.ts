import type { Metric } from "../base/metrics.ts";
import { otelCollector } from "./otel-collector.ts";
import { promtail } from "./promtail.ts";
import type { ShipperProduct } from "./shipper-product.ts";

export const shipperProducts: readonly ShipperProduct[] = [promtail, otelCollector];

/** The program whose metrics these are; undefined if it is not a known one. */
export function productOf(metrics: Metric[]): ShipperProduct | undefined {
  return shipperProducts.find((product) => product.isKnownBy(metrics));
}
