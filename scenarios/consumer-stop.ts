import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "consumer-stop",
  load: { lines: 2_000, linesPerSecond: 200 },
  documentedLoad: { lines: 10_000, linesPerSecond: 100 },
  cases: {
    "": {
      summary:
        "The consumer is stopped before the first line, and started again once all lines are seen in Kafka.",
      faults: [{ kind: "stop", target: "consumer", at: 0, until: 1, audit: "kafka" }],
    },
  },
} satisfies Scenario;
