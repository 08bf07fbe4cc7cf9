import type { Scenario, ScheduledFault } from "../src/run/scenario.ts";

// Loki is away before the first line, so that no line has to be accepted by it at an age that it had not in truth.
const faults: ScheduledFault[] = [{ kind: "stop", target: "loki", at: 0, until: 0.9, audit: "kafka" }];

export default {
  name: "loki-down-24h",
  // 9 MB wait in Kafka, more than the 6 MB that Loki takes at once by default: it refuses some for a while.
  load: { lines: 50_000, linesPerSecond: 5_000, sources: 12 },
  cases: {
    "": { summary: "Loki is stopped for 24 hours.", faults, outage: { lasts: "24h" } },
    "6d23h": {
      summary: "Loki is stopped for an hour less than the promised seven days.",
      faults,
      outage: { lasts: "6d23h" },
    },
    "7d1h": {
      summary: "Loki is stopped for an hour more than the promised seven days.",
      faults,
      outage: { lasts: "7d1h" },
    },
    "7d1h-busy": {
      summary: "As 7d1h, with so much traffic (300 GB a day) that a segment of Kafka's lasts for 50 minutes.",
      faults,
      outage: { lasts: "7d1h", segmentSeconds: 3_000 },
    },
    spread: {
      summary: "Loki is stopped for 24 hours, and each stream's lines are spread over all partitions.",
      faults,
      outage: { lasts: "24h" },
      load: { lines: 6_000, linesPerSecond: 1_000, sources: 12 },
      variables: { PARTITION_BY: "line" },
    },
  },
} satisfies Scenario;
