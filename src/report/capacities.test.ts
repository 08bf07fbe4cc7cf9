import { describe, expect, it } from "vitest";
import type { Measurement } from "../store/measurement.ts";
import { weightiestOf } from "./capacities.ts";

function measured(at: string, verdict: Measurement["verdict"], of: Partial<Measurement> = {}): Measurement {
  return {
    schema: "everyline/measurement@1",
    id: at,
    at,
    pipeline: "direct",
    quantity: "latency",
    claimed: "below 1000 ms",
    measured: verdict,
    verdict,
    images: ["loki 3.6.4"],
    machine: "2 CPUs",
    ...of,
  };
}

const idsOf = (...measurements: Measurement[]) => weightiestOf(measurements).map(({ id }) => id);

describe("what is known of a capacity", () => {
  it("is what the newest measurement came to", () => {
    expect(idsOf(measured("2", "unknown"), measured("3", "unknown"), measured("1", "unknown"))).toEqual([
      "3",
    ]);
    expect(idsOf(measured("1", "broken"), measured("2", "broken"))).toEqual(["2"]);
  });

  it("stays refuted when a later measurement shows nothing or did not meet it", () => {
    expect(idsOf(measured("1", "broken"), measured("2", "unknown"), measured("3", "holds"))).toEqual(["1"]);
  });

  it("stays shown when a later measurement shows nothing", () => {
    expect(idsOf(measured("1", "holds"), measured("2", "unknown"))).toEqual(["1"]);
  });

  it("is of the versions that were measured last", () => {
    const before = { images: ["loki 3.5.0"] };
    expect(idsOf(measured("1", "broken", before), measured("2", "unknown"))).toEqual(["2"]);
  });

  it("is told apart by pipeline and quantity", () => {
    const others = [
      measured("2", "holds", { quantity: "soak" }),
      measured("3", "holds", { pipeline: "kafka" }),
    ];
    expect(idsOf(measured("1", "broken"), ...others)).toEqual(["1", "2", "3"]);
  });
});
