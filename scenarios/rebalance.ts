import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "rebalance",
  load: { lines: 40_000, linesPerSecond: 1_000, sources: 12 },
  cases: {
    "": {
      summary:
        "A second consumer joins the group under load, takes some of the partitions, and leaves again.",
      faults: [{ kind: "join", target: "consumer", at: 0.1, until: 0.8 }],
    },
  },
} satisfies Scenario;
