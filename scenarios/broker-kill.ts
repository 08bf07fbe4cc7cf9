import type { Scenario } from "../src/plan/scenario.ts";

// Twelve streams, so that every one of the six partitions has lines and the batch in flight is no empty one. A killed broker is
// given up after 9 to 12 s: the load goes on for longer than that.
export default {
  name: "broker-kill",
  load: { lines: 120_000, linesPerSecond: 6_000, sources: 12 },
  cases: {
    "": {
      summary:
        "The broker that leads most of the topic hangs under load and is killed (SIGKILL), and started again when others lead.",
      faults: [{ kind: "kill", target: "kafka-leader", at: 0.2, until: 0.9 }],
    },
  },
} satisfies Scenario;
