import { expect, it } from "vitest";
import { type ThroughputDocument, type Trial, throughputDocumentSchema } from "./throughput-document.ts";
import { throughputMeasurements } from "./throughput-measurements.ts";

const processors = { ofMachine: 2, busy: 0.5, diskWait: 0, harness: 0.1, instances: { store: 0.4 } };

function trial(number: number, load: number, lost: number, busy: number): Trial {
  const lines = load * 10;
  return {
    ...{ number, load, durationSeconds: 10, effectiveDurationSeconds: 10, tookSeconds: 12 },
    ...{ intendedLines: lines, forwardedLines: lines - lost, delivered: lines - lost, lost },
    ...{ duplicated: 0, damaged: 0, writtenLate: 0, late: 0, lagSeconds: 1, isBacklogLeft: false },
    refused: {},
    processors: { ...processors, busy },
  };
}

const found: ThroughputDocument = throughputDocumentSchema.parse({
  schema: "everyline/throughput@1",
  throughputId: "20260101t000000-throughput-1a2b",
  startedAt: "2026-01-01T00:00:00Z",
  finishedAt: "2026-01-01T00:10:00Z",
  pipeline: "direct",
  layout: "single",
  environment: { engine: "28.2.2", kernel: "6.1", cpus: 2, memoryBytes: 2 ** 34 },
  images: ["store: example/store:3.6.4", "promtail: everyline/promtail:3.6.4"],
  sources: 4,
  limits: { minLoad: 100, maxLoad: 100_000, startLoad: 2_000, maxTrials: 40, maxSeconds: 1_800 },
  lagBoundSeconds: 2,
  claim: { pipeline: "direct", linesPerSecond: 50_000, text: "t", source: "s", latencyBelowMs: 1_000 },
  trials: [trial(1, 50_000, 10, 0.97), trial(2, 20_000, 0, 0.6), trial(3, 24_000, 5, 0.7)],
  ended: "goals-reached",
  failure: null,
  goals: [
    {
      goal: {
        initialTrialSeconds: 10,
        finalTrialSeconds: 10,
        durationSumSeconds: 10,
        lossRatio: 0,
        exceedRatio: 0,
        width: 0.1,
      },
      relevantLowerBound: 20_000,
      relevantUpperBound: 24_000,
      conditionalThroughput: 20_000,
      irregular: [],
      lossInversions: [],
      arrivalRate: 18_000,
      arrivalRatePerProcessor: 15_000,
      limits: [],
    },
  ],
  latency: [],
  latencyVerdict: { verdict: "unknown", why: "not-measured" },
  verdict: "unknown",
  why: "machine-at-its-end",
});

it("tells the highest rate of the first goal beside the claim", () => {
  expect(throughputMeasurements(found)).toEqual([
    {
      schema: "everyline/measurement@1",
      id: "20260101t000000-throughput-1a2b",
      at: "2026-01-01T00:10:00Z",
      pipeline: "direct",
      quantity: "throughput",
      claimed: "about 50,000 lines/s",
      verdict: "unknown",
      measured:
        "20,000 lines/s taken, 24,000 lines/s not; 50,000 lines/s tried with 97 % of the processors busy",
      images: ["promtail 3.6.4", "store 3.6.4"],
      machine: "2 CPUs, 16 GiB, Docker 28.2.2",
    },
  ]);
});

it("tells the latency at each rate, and what was not seen", () => {
  const quantiles = { p50: 500, p99: 900, p999: 950, max: 990 };
  const later = { p50: 600, p99: 1_000, p999: 1_050, max: 1_090 };
  const at = (load: number, unseen: number) => ({
    ...{ share: 0.5, load, durationSeconds: 10, lines: 10 * load, unseen, writtenLate: 0, processors },
    ...(unseen > 0 ? { atMost: null, atLeast: null } : { atLeast: quantiles, atMost: later }),
  });
  const document = {
    ...found,
    latency: [at(200, 0), at(18_000, 7)],
    latencyVerdict: { verdict: "unknown" as const, why: "not-seen" as const },
  };
  expect(throughputMeasurements(document)[1]).toMatchObject({
    quantity: "latency",
    claimed: "below 1000 ms",
    verdict: "unknown",
    measured:
      "at 200 lines/s p99 900 to 1,000 ms, slowest 990 to 1,090 ms; at 18,000 lines/s nothing seen, 7 not seen",
  });
});

it("tells that a claimed rate was not tried, and that nothing is claimed", () => {
  const untried = { ...found, trials: found.trials.slice(1) };
  expect(throughputMeasurements(untried)[0]!.measured).toContain("; 50,000 lines/s not tried");
  expect(throughputMeasurements({ ...found, claim: null })[0]!.claimed).toBeNull();
});
