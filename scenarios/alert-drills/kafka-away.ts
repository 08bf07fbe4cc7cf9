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
    // What measures offsets shows the last ones for a minute more, at any scale.
    all: {
      summary: "All brokers are killed (SIGKILL), and started again 90 s later.",
      faults: [{ kind: "kill", target: "kafka", at: 0.05, until: 0.8 }],
      load: { lines: 3_600, linesPerSecond: 30, sources: 12 },
      timeScale: 1 / 10,
      mustFire: ["everyline/KafkaDown", "everyline/KafkaOffsetsUnknown"],
    },
  },
} satisfies Scenario;
