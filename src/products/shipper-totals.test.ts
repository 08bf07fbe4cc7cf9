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
