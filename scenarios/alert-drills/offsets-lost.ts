import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/offsets-lost",
  load: { lines: 1_600, linesPerSecond: 20, sources: 12 },
  isAlertDrill: true,
  cases: {
    // The rule has its real period, and what measures offsets shows the last ones for a minute.
    group: {
      summary: "The consumer is stopped, and its group is deleted; it is started again 170 s later.",
      faults: [
        { kind: "stop", target: "consumer", at: 0.05, until: 0.95 },
        { kind: "delete-group", target: "consumer", at: 0.07 },
      ],
      load: { lines: 2_400, linesPerSecond: 12, sources: 12 },
      timeScale: 1 / 10,
      mustFire: ["everyline/ConsumerDown", "everyline/ConsumerOffsetGone"],
    },
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
