import type { Scenario, ScheduledFault } from "../../src/plan/scenario.ts";

const sinkAway: ScheduledFault[] = [{ kind: "stop", target: "sink", at: 0, until: 0.6, audit: "kafka" }];

// The faults and loads of sink-down-24h and loki-backlog, which say more about them.
export default {
  name: "alert-drills/backlog",
  load: { lines: 40_000, linesPerSecond: 2_000, sources: 12 },
  isAlertDrill: true,
  cases: {
    // Loki refuses what is older than seven days. Kafka deletes whole segments only, and the lines of a run fit into one.
    "too-old": {
      summary:
        "Loki is stopped for an hour more than seven days, and refuses the oldest lines of the backlog.",
      faults: sinkAway,
      outage: { lasts: "7d1h" },
      mustFire: [
        "everyline/ConsumerStalled",
        "everyline/ConsumerLagOld",
        "everyline/LokiDiscardedLines",
        "everyline/DeadLetters",
      ],
    },
    refused: {
      summary: "Loki refuses lines of a backlog that is delivered out of order.",
      faults: sinkAway,
      outage: { lasts: "24h" },
      load: { lines: 6_000, linesPerSecond: 500, sources: 12 },
      variables: { PARTITION_BY: "line" },
      mustFire: ["everyline/LokiDiscardedLines", "everyline/DeadLetters"],
    },
    "rate-limited": {
      summary: "Loki accepts half of the rate at which lines are written.",
      faults: [{ kind: "stop", target: "sink", at: 0.05, until: 0.15 }],
      load: { lines: 48_000, linesPerSecond: 800, sources: 12 },
      timeScale: 1 / 20,
      variables: {
        LOKI_WRITE_FLAGS: "-distributor.ingestion-rate-limit-mb=0.1 -distributor.ingestion-burst-size-mb=0.2",
      },
      mustFire: ["everyline/LokiRateLimited"],
    },
    // All in one stream and so in one partition, because the document's rule looks at each partition by itself.
    large: {
      summary: "The consumer is stopped while more than 100,000 lines come into one partition.",
      faults: [{ kind: "stop", target: "consumer", at: 0.02, until: 0.98 }],
      load: { lines: 240_000, linesPerSecond: 3_000, sources: 1 },
      timeScale: 1 / 20,
      mustFire: ["document/KafkaLoggingTopicLag"],
    },
  },
} satisfies Scenario;
