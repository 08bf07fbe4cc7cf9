import type { Scenario } from "../src/run/scenario.ts";

// Promtail saves its positions every 10 s. So that a position which ran ahead of what was acknowledged is on disk when Promtail
// dies, Loki has been away for 14 s by then.
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
        "Promtail is killed (SIGKILL) 14 s into an outage of Loki, and started again before Loki comes back.",
      faults: [
        { kind: "stop", target: "loki", at: 0.1, until: 0.95 },
        { kind: "kill", target: "shipper", at: 0.8, until: 0.85 },
      ],
    },
  },
} satisfies Scenario;
