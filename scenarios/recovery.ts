import type { Scenario } from "../src/plan/scenario.ts";

// The rate and the outage leave a backlog of 20,000 lines. Nothing is scaled, because the time that recovery takes is what is measured.
export default {
  name: "recovery",
  load: { lines: 40_000, linesPerSecond: 2_000 },
  cases: {
    "": {
      summary:
        "The sink is stopped while 20,000 lines are written, and has to have them soon after it is back.",
      faults: [{ kind: "stop", target: "sink", at: 0.2, until: 0.7 }],
    },
  },
} satisfies Scenario;
