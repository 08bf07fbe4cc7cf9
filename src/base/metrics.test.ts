import { expect, it } from "vitest";
import { parseMetrics, sumOf } from "./metrics.ts";

const text = `# HELP promtail_dropped_entries_total Number of log entries dropped.
# TYPE promtail_dropped_entries_total counter
promtail_dropped_entries_total{host="store:3100",reason="ingester_error",tenant=""} 12
promtail_dropped_entries_total{host="store:3100",reason="rate_limited",tenant=""} 3e+00
promtail_read_lines_total{path="/logs/a \\"b\\".log"} 7 1700000000000
up 1
`;

it("reads names, labels and values, and passes over comments", () => {
  const metrics = parseMetrics(text);
  expect(metrics).toHaveLength(4);
  expect(metrics[0]).toEqual({
    name: "promtail_dropped_entries_total",
    labels: { host: "store:3100", reason: "ingester_error", tenant: "" },
    value: 12,
  });
  expect(metrics[2]!.labels).toEqual({ path: '/logs/a "b".log' });
});

it("sums the samples of one name", () => {
  expect(sumOf(parseMetrics(text), "promtail_dropped_entries_total")).toBe(15);
  expect(sumOf(parseMetrics(text), "absent_total")).toBe(0);
});
