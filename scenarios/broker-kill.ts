import type { Scenario } from "../src/run/scenario.ts";

// Twelve streams, so that every one of the six partitions has lines and the batch in flight is no empty one. A killed broker is
// given up after 9 s, or 11 s where it was the controller, too: the load goes on for longer than that.
export default {
  name: "broker-kill",
  load: { lines: 180_000, linesPerSecond: 6_000, sources: 12 },
  cases: {
    "": {
      summary:
        "The broker that leads most of the topic is killed (SIGKILL) under load, and started again when others lead in its place.",
      faults: [{ kind: "kill", target: "kafka-leader", at: 0.1, until: 0.7 }],
    },
  },
} satisfies Scenario;
