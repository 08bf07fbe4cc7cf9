import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/offsets-unknown",
  load: { lines: 1_200, linesPerSecond: 30, sources: 12 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "What measures offsets is stopped for 24 s, while Kafka and the consumer work.",
      faults: [{ kind: "stop", target: "kafka-metrics", at: 0.1, until: 0.7 }],
      timeScale: 1 / 10,
      mustFire: ["everyline/KafkaOffsetsUnknown"],
    },
  },
} satisfies Scenario;
