import { expect, it } from "vitest";
import { parseMetrics } from "../base/metrics.ts";
import { ShipperWatch } from "./shipper-watch.ts";

function promtail(encoded: number, sent: number, dropped = 0, read = 0) {
  return parseMetrics(
    `promtail_encoded_bytes_total{host="store:3100"} ${encoded}\n` +
      `promtail_sent_bytes_total{host="store:3100"} ${sent}\n` +
      `promtail_dropped_bytes_total{host="store:3100",reason="ingester_error",tenant=""} ${dropped}\n` +
      `promtail_dropped_bytes_total{host="store:3100",reason="line_too_long",tenant=""} 700\n` +
      `promtail_read_lines_total{path="/logs/app-1.log"} ${read}\n` +
      'promtail_read_lines_total{path="/logs/other.log"} 99\n',
  );
}

it("tells that a Promtail holds a batch until it was sent or given up", () => {
  const watch = new ShipperWatch(["app-1"]);
  expect(watch.isHolding(0)).toBe(false);
  watch.add("promtail", promtail(1_000, 1_000), 1_000);
  expect(watch.isHolding(9_000)).toBe(false);
  watch.add("promtail", promtail(1_500, 1_000), 2_000);
  watch.add("promtail", promtail(1_500, 1_000), 5_000);
  expect(watch.isHolding(5_000)).toBe(true);
  watch.add("promtail", promtail(1_500, 1_000, 500), 5_500);
  expect(watch.isHolding(9_000)).toBe(false);
});

it("does not take a shipper that is busy with other lines for one whose batch is refused", () => {
  const watch = new ShipperWatch(["app-1"]);
  watch.add("promtail", promtail(1_500, 1_000), 1_000);
  watch.add("promtail", promtail(1_500, 1_500), 3_000);
  watch.add("promtail", promtail(2_500, 1_500), 5_000);
  expect(watch.isHolding(5_000)).toBe(false);
  expect(watch.isHolding(6_000)).toBe(true);
});

it("counts a process that was started anew from nothing", () => {
  const watch = new ShipperWatch(["app-1"]);
  watch.add("promtail", promtail(1_500, 1_000), 1_000);
  watch.add("promtail", promtail(0, 0), 9_000);
  expect(watch.isHolding(9_000)).toBe(false);
});

it("tells when more of the run's own files was read, rotated ones included, and of no other", () => {
  const watch = new ShipperWatch(["app-1"]);
  watch.add("promtail", promtail(0, 0, 0, 10), 1_000);
  watch.add("promtail", promtail(0, 0, 0, 10), 2_000);
  expect(watch.movedAtMs).toBe(1_000);
  const rotated = 'promtail_read_lines_total{path="/logs/app-1.log.1700000000"} 5\n';
  watch.add("promtail", [...promtail(0, 0, 0, 10), ...parseMetrics(rotated)], 3_000);
  expect(watch.movedAtMs).toBe(3_000);
});

it("knows the OpenTelemetry Collector by the length of its queues, and passes over whom it does not know", () => {
  const watch = new ShipperWatch(["app-1"]);
  watch.add("other", parseMetrics("vector_buffer_events 7\n"), 1_000);
  expect([watch.products, watch.isHolding(9_000)]).toEqual([[], false]);
  const queue = (size: number) => parseMetrics(`otelcol_exporter_queue_size{exporter="otlp_http"} ${size}\n`);
  watch.add("collector", queue(2), 2_000);
  watch.add("collector", queue(2), 5_000);
  expect([watch.products, watch.isHolding(5_000)]).toEqual([["the OpenTelemetry Collector"], true]);
  watch.add("collector", queue(0), 6_000);
  expect(watch.isHolding(9_000)).toBe(false);
  const ofTraces = parseMetrics('otelcol_exporter_queue_size{data_type="traces",exporter="otlp"} 9\n');
  watch.add("collector", [...queue(0), ...ofTraces], 7_000);
  watch.add("collector", [...queue(0), ...ofTraces], 20_000);
  expect(watch.isHolding(20_000)).toBe(false);
});

it("tells when more was read of what the engine answers with, where the run's lines are among it", () => {
  const ofEngine = (read: number) =>
    parseMetrics(`promtail_encoded_bytes_total 0\npromtail_docker_target_entries_total ${read}\n`);
  const watch = new ShipperWatch(["0123-json.log"]);
  watch.add("promtail", ofEngine(10), 1_000);
  watch.add("promtail", ofEngine(10), 2_000);
  expect(watch.movedAtMs).toBe(1_000);
  watch.add("promtail", ofEngine(11), 3_000);
  expect(watch.movedAtMs).toBe(3_000);
  const ofFiles = new ShipperWatch(["app-1"]);
  ofFiles.add("promtail", ofEngine(11), 1_000);
  expect(ofFiles.movedAtMs).toBe(Number.NEGATIVE_INFINITY);
});
