import type { Scenario } from "../../src/plan/scenario.ts";

// Every 10 s Promtail records how far it has read each file, and every 10 s it saves these positions, 5 s later for files that existed
// when it started. So 17 s into an outage, a position ahead of what Loki has acknowledged is on disk.
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
        { kind: "stop", target: "sink", at: 0.05, until: 0.97 },
        { kind: "kill", target: "shipper", at: 0.9, until: 0.93 },
      ],
    },
  },
} satisfies Scenario;
