import type { Scenario } from "../src/plan/scenario.ts";

// Promtail notes every 10 s how far it has read each file and writes its notes down every 10 s, 5 s later for files that were
// there when it started. So a note that ran ahead of what Loki acknowledged is on disk after at most 15 s of an outage.
export default {
  name: "promtail-crash",
  load: { lines: 1_000, linesPerSecond: 50 },
  cases: {
    "under-load": {
      summary: "Promtail is killed (SIGKILL) while lines flow, and started again 1 s later.",
      faults: [{ kind: "kill", target: "shipper", at: 0.7, until: 0.75 }],
    },
    "during-outage": {
      summary:
        "Promtail is killed (SIGKILL) 17 s into an outage of Loki, and started again before Loki comes back.",
      faults: [
        { kind: "stop", target: "loki", at: 0.05, until: 0.97 },
        { kind: "kill", target: "shipper", at: 0.9, until: 0.93 },
      ],
    },
  },
} satisfies Scenario;
