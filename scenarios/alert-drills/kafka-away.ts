import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/kafka-away",
  load: { lines: 3_200, linesPerSecond: 40, sources: 12 },
  isAlertDrill: true,
  cases: {
    // A broker that is stopped hands its partitions over, so that the one that is left knows what it lacks.
    "": {
      summary: "One of three brokers is stopped, and then a second one, so that writes are refused.",
      faults: [
        { kind: "stop", target: "kafka-2", at: 0.1, until: 0.8 },
        { kind: "stop", target: "kafka-3", at: 0.45, until: 0.8 },
      ],
      timeScale: 1 / 10,
      mustFire: [
        "everyline/KafkaBrokerDown",
        "everyline/KafkaUnderReplicated",
        "everyline/KafkaBelowMinIsr",
        "everyline/KafkaDown",
        "everyline/GatewayRefusing",
      ],
    },
  },
} satisfies Scenario;
