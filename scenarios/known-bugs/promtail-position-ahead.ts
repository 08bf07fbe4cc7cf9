import type { Scenario } from "../../src/plan/scenario.ts";

// Promtail notes every 10 s how far it has read each file and writes its notes down every 10 s, 5 s later for files that were
// there when it started: 17 s into an outage a note that ran ahead of what Loki acknowledged is on disk.
export default {
  name: "known-bugs/promtail-position-ahead",
  bug: {
    title: "Promtail's positions say what it has read, not what Loki has acknowledged",
    threads: ["https://github.com/grafana/loki/issues/3770", "https://github.com/grafana/loki/issues/1540"],
  },
  load: { lines: 600, linesPerSecond: 30 },
  cases: {
    "": {
      summary: "Promtail is killed (SIGKILL) 17 s into an outage of Loki, and started again before it ends.",
      faults: [
        { kind: "stop", target: "loki", at: 0.05, until: 0.97 },
        { kind: "kill", target: "shipper", at: 0.9, until: 0.93 },
      ],
    },
  },
} satisfies Scenario;
