import type { Measurement } from "../../src/store/measurement.ts";

/** A measurement of a capacity, with what a test does not care about filled in. */
export function measurement(given: Partial<Measurement>): Measurement {
  return {
    schema: "everyline/measurement@1",
    id: "20260101t000000-throughput-1a2b",
    at: "2026-01-01T01:00:00.000Z",
    pipeline: "direct",
    quantity: "throughput",
    claimed: "50,000 lines/s",
    verdict: "unknown",
    measured: "10,000 lines/s",
    images: ["promtail 3.6.4", "store 3.6.4"],
    machine: "2 CPUs, 24 GiB, Docker 28.2.2",
    ...given,
  };
}
