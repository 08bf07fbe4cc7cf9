import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "both-crash",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "": {
      summary:
        "Promtail and Loki are killed (SIGKILL) together while lines are written, and started again 2 s later.",
      faults: [
        { kind: "kill", target: "sink", at: 0.5, until: 0.7 },
        { kind: "kill", target: "shipper", at: 0.5, until: 0.7 },
      ],
    },
  },
} satisfies Scenario;
