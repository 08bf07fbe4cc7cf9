import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/offsets-lost",
  load: { lines: 1_600, linesPerSecond: 20, sources: 12 },
  isAlertDrill: true,
  cases: {
    records: {
      summary:
        "The consumer is stopped while Kafka deletes records that it has not delivered, and started again.",
      faults: [
        { kind: "stop", target: "consumer", at: 0.1, until: 0.6 },
        { kind: "delete-records", target: "kafka", at: 0.4, audit: "kafka" },
      ],
      timeScale: 1 / 20,
      mustFire: ["everyline/ConsumerOffsetBelowLowWater", "everyline/ConsumerOffsetReset"],
    },
  },
} satisfies Scenario;
