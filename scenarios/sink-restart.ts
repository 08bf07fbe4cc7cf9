import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "sink-restart",
  load: { lines: 1_000, linesPerSecond: 100 },
  documentedLoad: { lines: 1_000, linesPerSecond: 10 },
  cases: {
    "": {
      summary: "The sink is restarted (docker restart) while lines are written.",
      faults: [{ kind: "restart", target: "sink", at: 0.3 }],
    },
  },
} satisfies Scenario;
