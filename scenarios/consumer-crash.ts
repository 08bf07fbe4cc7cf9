import type { Scenario } from "../src/plan/scenario.ts";

// The load is high enough that the consumer is always processing a batch.
export default {
  name: "consumer-crash",
  load: { lines: 60_000, linesPerSecond: 3_000, sources: 12 },
  cases: {
    "": {
      summary:
        "The consumer is killed (SIGKILL) in the middle of a batch three times, and started again 1 s later.",
      faults: [
        { kind: "kill", target: "consumer", at: 0.2, until: 0.25 },
        { kind: "kill", target: "consumer", at: 0.5, until: 0.55 },
        { kind: "kill", target: "consumer", at: 0.8, until: 0.85 },
      ],
    },
  },
} satisfies Scenario;
