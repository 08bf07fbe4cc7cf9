import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "sink-crash",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "The sink is killed (SIGKILL) while lines are written, and started again 2 s later.",
      faults: [{ kind: "kill", target: "sink", at: 0.4, until: 0.6 }],
    },
  },
} satisfies Scenario;
