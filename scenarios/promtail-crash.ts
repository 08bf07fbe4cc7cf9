import type { Scenario } from "../src/plan/scenario.ts";

// Every 10 s Promtail records how far it has read each file, and every 10 s it saves these positions, 5 s later for files that existed
// when it started. So a position ahead of what Loki has acknowledged is on disk after at most 15 s of an outage.
export default {
  name: "promtail-crash",
  load: { lines: 1_000, linesPerSecond: 50 },
  cases: {
    "under-load": {
      summary: "Promtail is killed (SIGKILL) while lines are written, and started again 1 s later.",
      faults: [{ kind: "kill", target: "shipper", at: 0.7, until: 0.75 }],
    },
    "during-outage": {
      summary:
        "Promtail is killed (SIGKILL) 17 s into an outage of Loki, and started again before Loki comes back.",
      faults: [
        { kind: "stop", target: "sink", at: 0.05, until: 0.97 },
        { kind: "kill", target: "shipper", at: 0.9, until: 0.93 },
      ],
    },
  },
} satisfies Scenario;
