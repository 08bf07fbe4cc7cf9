import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "loki-restart",
  load: { lines: 1_000, linesPerSecond: 100 },
  documentedLoad: { lines: 1_000, linesPerSecond: 10 },
  cases: {
    "": {
      summary: "Loki is restarted (docker restart) while lines are written.",
      faults: [{ kind: "restart", target: "loki", at: 0.3 }],
    },
  },
} satisfies Scenario;
