import type { Scenario, ScheduledFault } from "../src/plan/scenario.ts";

// Loki is down before the first line, so that it never has to accept a line whose simulated age is not real yet. Lines written
// after the backlog are new: they come after the backlog in Kafka, and continue to arrive when Loki is back.
const faults: ScheduledFault[] = [{ kind: "stop", target: "sink", at: 0, until: 0.6, audit: "kafka" }];

export default {
  name: "sink-down-24h",
  load: { lines: 40_000, linesPerSecond: 2_000, sources: 12 },
  cases: {
    "": { summary: "The sink is stopped for 24 hours.", faults, outage: { lasts: "24h" } },
    "6d23h": {
      summary: "The sink is stopped for an hour less than the promised seven days.",
      faults,
      outage: { lasts: "6d23h" },
    },
    "7d1h": {
      summary: "The sink is stopped for an hour more than the promised seven days.",
      faults,
      outage: { lasts: "7d1h" },
    },
  },
} satisfies Scenario;
