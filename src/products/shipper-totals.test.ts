import { expect, it } from "vitest";
import { parseMetrics } from "../base/metrics.ts";
import { droppedInAll, ShipperCounters } from "./shipper-totals.ts";

it("keeps the reasons of dropped entries apart", () => {
  const counters = new ShipperCounters();
  counters.add(
    parseMetrics(
      'promtail_dropped_entries_total{reason="ingester_error"} 3\npromtail_dropped_entries_total{reason="rate_limited"} 2\n',
    ),
  );
  expect(counters.totals.dropped).toEqual({ ingester_error: 3, rate_limited: 2 });
  expect(droppedInAll(counters.totals)).toBe(5);
});

it("tells how far each file was read when it was last asked", () => {
  const counters = new ShipperCounters();
  counters.add(parseMetrics('promtail_read_bytes_total{path="/logs/a.log"} 90\n'));
  counters.add(
    parseMetrics(
      'promtail_read_bytes_total{path="/logs/a.log"} 120\npromtail_read_bytes_total{path="/logs/b.log"} 7\n',
    ),
  );
  expect(counters.totals.readBytes).toEqual({ "a.log": 120, "b.log": 7 });
});

it("counts for the OpenTelemetry Collector what it accepted, refused, sent and gave up, with and without the suffix of counters", () => {
  for (const suffix of ["", "_total"]) {
    const counters = new ShipperCounters();
    counters.add(
      parseMetrics(
        `otelcol_receiver_accepted_log_records${suffix}{receiver="file_log",transport=""} 90\n` +
          `otelcol_receiver_refused_log_records${suffix}{receiver="file_log",transport=""} 10\n` +
          `otelcol_exporter_enqueue_failed_log_records${suffix}{exporter="otlp_http"} 10\n` +
          `otelcol_exporter_sent_log_records${suffix}{exporter="otlp_http"} 60\n` +
          `otelcol_exporter_send_failed_log_records${suffix}{exporter="otlp_http",server_port="3100"} 30\n`,
      ),
    );
    const dropped = { refused: 10, "given up": 30 };
    expect(counters.totals).toEqual({ read: 100, sent: 60, dropped, readBytes: {} });
    expect(droppedInAll(counters.totals)).toBe(40);
  }
});

it("adds up counters that have the same reason", () => {
  const counters = new ShipperCounters();
  counters.add(
    parseMetrics("otelcol_receiver_refused_log_records 10\notelcol_receiver_failed_log_records 4\n"),
  );
  expect(counters.totals.dropped).toEqual({ refused: 14 });
});
