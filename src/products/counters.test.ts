import { expect, it } from "vitest";
import { parseMetrics } from "../base/metrics.ts";
import { Counters } from "./counters.ts";

it("adds up counters over a restart that sets them back to 0", () => {
  const counters = new Counters(["sent", "read"]);
  counters.add(parseMetrics('sent{host="loki"} 10\nread{path="/a"} 12\n'));
  counters.add(parseMetrics('sent{host="loki"} 25\nread{path="/a"} 30\nother 7\n'));
  counters.add(parseMetrics('sent{host="loki"} 4\nread{path="/b"} 5\n'));
  expect([counters.sumOf("read"), counters.sumOf("sent"), counters.sumOf("other")]).toEqual([35, 29, 0]);
});

it("sees a restart by the time at which the process started, where its counters are higher already", () => {
  const counters = new Counters(["sent"]);
  counters.add(parseMetrics("process_start_time_seconds 100\nsent 10\n"));
  counters.add(parseMetrics("process_start_time_seconds 107\nsent 12\n"));
  expect(counters.sumOf("sent")).toBe(22);
});

it("sees a restart by the id that the OpenTelemetry SDK draws, where the process does not show when it started", () => {
  const counters = new Counters(["sent"]);
  counters.add(parseMetrics('target_info{service_instance_id="a"} 1\nsent 10\n'));
  counters.add(parseMetrics('target_info{service_instance_id="a"} 1\nsent 12\n'));
  counters.add(parseMetrics('target_info{service_instance_id="b"} 1\nsent 13\n'));
  expect(counters.sumOf("sent")).toBe(25);
});

it("keeps the values of a label apart", () => {
  const counters = new Counters(["answers"]);
  counters.add(parseMetrics('answers{status="204"} 3\nanswers{status="503"} 2\nanswers{status="400"} 0\n'));
  expect(counters.sumsBy("answers", "status")).toEqual({ "204": 3, "503": 2 });
});
