import { sinkProducts } from "./known-sinks.ts";

/** The names of metrics that carry the version of the program as a label. */
export const buildInfoMetrics: readonly string[] = [
  ...sinkProducts.map(({ buildInfo }) => buildInfo),
  "promtail_build_info",
];
