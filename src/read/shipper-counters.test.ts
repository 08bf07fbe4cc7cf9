import { expect, it } from "vitest";
import { droppedInAll, ShipperCounters } from "./shipper-counters.ts";

it("adds up counters over a restart that sets them back to 0", () => {
  const counters = new ShipperCounters();
  counters.add('promtail_sent_entries_total{host="loki"} 10\npromtail_read_lines_total{path="/a"} 12\n');
  counters.add('promtail_sent_entries_total{host="loki"} 25\npromtail_read_lines_total{path="/a"} 30\n');
  counters.add('promtail_sent_entries_total{host="loki"} 4\npromtail_read_lines_total{path="/b"} 5\n');
  expect(counters.totals).toEqual({ read: 35, sent: 29, dropped: {} });
});

it("keeps the reasons of dropped entries apart", () => {
  const counters = new ShipperCounters();
  counters.add(
    'promtail_dropped_entries_total{reason="ingester_error"} 3\npromtail_dropped_entries_total{reason="rate_limited"} 2\n',
  );
  expect(counters.totals.dropped).toEqual({ ingester_error: 3, rate_limited: 2 });
  expect(droppedInAll(counters.totals)).toBe(5);
});
