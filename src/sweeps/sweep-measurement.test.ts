import { expect, it } from "vitest";
import { type LinesSweep, type OutageSweep, sweepDocumentSchema } from "./sweep-document.ts";
import { sweepMeasurement } from "./sweep-measurement.ts";

const common = {
  ...{
    schema: "everyline/sweep@1",
    sweepId: "20260101t000000-sweep-1a2b",
    startedAt: "2026-01-01T00:00:00Z",
  },
  ...{ finishedAt: "2026-01-01T01:00:00Z", scenario: "sink-outage", pipeline: "direct", layout: "single" },
  ...{ command: ["sweep"], machine: { engine: "28.2.2", kernel: "6.1", cpus: 2, memoryBytes: 2 ** 34 } },
  ...{ images: ["example/store:3.6.4 (built), everyline/promtail:3.6.4 (built)"], ended: "done" },
};

const outages = sweepDocumentSchema.parse({
  ...common,
  ...{ of: "outage", wanted: { shortestSeconds: 60, longestSeconds: 7_200, width: 0.1, runs: 1 } },
  claim: { seconds: 3_600, text: "An hour.", source: "a test" },
  bounds: { heldSeconds: 360, lostSeconds: 380, inversions: [], mixed: [], undecided: [] },
  ...{ steps: [], straddle: [], verdict: "broken", why: "lost" },
}) as OutageSweep;

const run = (lines: number, recoverySeconds: number | null) => ({
  ...{ runId: "r", verdict: "holds", reasons: [], failure: null, outcome: "held", written: lines, lost: 0 },
  ...{ timeScale: 1, outage: null, backlog: { lines, waitSeconds: 1, recoverySeconds } },
});
const backlogs = sweepDocumentSchema.parse({
  ...common,
  ...{ of: "lines", wanted: { fewestLines: 100, mostLines: 1_000, runs: 1 }, fit: null },
  claim: { seconds: 60, text: "A minute.", source: "a test" },
  steps: [
    { nominal: 100, runs: [run(90, 2.5)] },
    { nominal: 1_000, runs: [run(950, 30)] },
    { nominal: 2_000, runs: [run(1_900, null)] },
  ],
  ...{ verdict: "holds", why: "judged" },
}) as LinesSweep;

it("tells the bounds of a sweep of outages", () => {
  expect(sweepMeasurement(outages)).toEqual({
    schema: "everyline/measurement@1",
    ...{ id: "20260101t000000-sweep-1a2b", at: "2026-01-01T01:00:00Z", pipeline: "direct" },
    ...{ quantity: "outage", claimed: "at least 1 h", verdict: "broken" },
    measured: "6 min without loss, loss at 6 min 20 s",
    images: ["promtail 3.6.4", "store 3.6.4"],
    machine: "2 CPUs, 16 GiB, Docker 28.2.2",
  });
});

it("tells the smallest and the largest backlog that came back", () => {
  const { claimed, measured } = sweepMeasurement(backlogs)!;
  expect({ claimed, measured }).toEqual({
    claimed: "within 1 min",
    measured: "90 lines in 2.50 s, 950 lines in 30.0 s",
  });
  expect(sweepMeasurement({ ...backlogs, steps: [] })!.measured).toBe("nothing came back");
});

it("tells nothing of a sweep that has not come to an end", () => {
  expect(sweepMeasurement({ ...outages, finishedAt: null })).toBeUndefined();
});
