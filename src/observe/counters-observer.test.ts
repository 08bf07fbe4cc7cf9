import { expect, it } from "vitest";
import type { Pipeline } from "../pipeline/pipeline.ts";
import { countedOf } from "./counters-observer.ts";

const part = { services: {} };
const full = { shipper: { ...part, config: "promtail.yaml" }, consumer: part } as unknown as Pipeline;
const totals = {
  shipper: { read: 10, sent: 8, dropped: { ingester_error: 1, line_too_long: 1 }, readBytes: {} },
  gateway: { acknowledged: 8, answers: { 204: 4, 429: 2, 500: 1 } },
  retries: { 500: 3, timeout: 1 },
};

it("tells what the parts of a pipeline have counted, refusals and retries added up", () => {
  expect(countedOf(full, totals)).toEqual({
    "shipper.read": 10,
    "shipper.sent": 8,
    "shipper.dropped": 2,
    "gateway.acknowledged": 8,
    "gateway.refused": 3,
    "consumer.retries": 4,
  });
});

it("tells nothing of parts that a pipeline does not have, that have counted nothing yet, or that ship for others", () => {
  const own = { shipper: part } as unknown as Pipeline;
  const nothing = {
    shipper: { ...totals.shipper, read: 0 },
    gateway: { acknowledged: 0, answers: {} },
    retries: {},
  };
  expect(countedOf(own, { ...totals, gateway: nothing.gateway })).toEqual({});
  expect(countedOf(full, nothing)).toEqual({ "consumer.retries": 0 });
});
