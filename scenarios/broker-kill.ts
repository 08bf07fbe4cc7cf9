import type { Scenario } from "../src/plan/scenario.ts";

// Twelve streams, so that each of the six partitions has lines and the batch in flight is not empty. A killed broker is replaced as
// leader after 9 to 12 s, and the load lasts longer than that.
export default {
  name: "broker-kill",
  load: { lines: 120_000, linesPerSecond: 6_000, sources: 12 },
  cases: {
    "": {
      summary:
        "The broker that leads most of the topic hangs under load and is killed (SIGKILL); it is started again when other brokers lead.",
      faults: [{ kind: "kill", target: "kafka-leader", at: 0.2, until: 0.9 }],
    },
  },
} satisfies Scenario;
