import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "loki-crash",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "Loki is killed (SIGKILL) while lines are written, and started again 2 s later.",
      faults: [{ kind: "kill", target: "loki", at: 0.4, until: 0.6 }],
    },
  },
} satisfies Scenario;
