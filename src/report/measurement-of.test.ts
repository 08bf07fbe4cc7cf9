import { expect, it } from "vitest";
import { measurementOf } from "./measurement-of.ts";

it("names images by their names and versions, in whichever way a report has them", () => {
  const images = [
    "promtail: everyline/promtail:3.6.4",
    "example/store:3.6.4 (built), everyline/promtail:3.6.4 (built)",
  ];
  const machine = { cpus: 2, memoryBytes: 2 ** 34, engine: "28.2.2" };
  const what = {
    ...{ id: "i", at: "2026-01-01T00:00:00Z", pipeline: "p", quantity: "outage" as const },
    ...{ claimed: null, verdict: "unknown" as const, measured: "m" },
  };
  expect(measurementOf(what, { images, machine })).toEqual({
    schema: "everyline/measurement@1",
    ...what,
    images: ["promtail 3.6.4", "store 3.6.4"],
    machine: "2 CPUs, 16 GiB, Docker 28.2.2",
  });
  expect(measurementOf(what, { images: [], machine: null }).machine).toBe("");
});
