import type { Scenario } from "../src/run/scenario.ts";

export default {
  name: "network-partition",
  load: { lines: 500, linesPerSecond: 100 },
  documentedLoad: { lines: 500, linesPerSecond: 10 },
  cases: {
    "": {
      summary:
        "Loki is taken from the network (docker network disconnect) before the first line and put back after the last.",
      faults: [{ kind: "disconnect", target: "loki", at: 0, until: 1 }],
    },
  },
} satisfies Scenario;
