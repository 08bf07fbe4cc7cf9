import type { Scenario } from "../src/run/scenario.ts";

// Twelve streams, so that every one of the six partitions has lines and the batch in flight is no empty one.
export default {
  name: "broker-kill",
  load: { lines: 120_000, linesPerSecond: 6_000, sources: 12 },
  cases: {
    "": {
      summary:
        "The broker that leads most of the topic is killed (SIGKILL) under load, and started again 12 s later.",
      faults: [{ kind: "kill", target: "kafka-leader", at: 0.2, until: 0.8 }],
    },
  },
} satisfies Scenario;
