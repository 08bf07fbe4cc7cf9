import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "two-brokers-down",
  load: { lines: 2_000, linesPerSecond: 100, sources: 12 },
  cases: {
    "": {
      summary:
        "Two of three brokers are killed (SIGKILL): fewer than min.insync.replicas remain, and writes are refused.",
      faults: [{ kind: "kill", target: "kafka-pair", at: 0.2, until: 0.8 }],
    },
  },
} satisfies Scenario;
