import { sinkProducts } from "./known-sinks.ts";

/** Metrics that have the version of the program that answers as a label. */
export const buildInfoMetrics: readonly string[] = [
  ...sinkProducts.map(({ buildInfo }) => buildInfo),
  "promtail_build_info",
];
