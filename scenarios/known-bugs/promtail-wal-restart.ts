import type { Scenario } from "../../src/plan/scenario.ts";

// With its WAL, Promtail keeps reading during an outage, so its positions are far ahead of what it has sent. They are saved at most
// 15 s later, before a crash in this scenario, and a graceful restart saves them too.
export default {
  name: "known-bugs/promtail-wal-restart",
  bug: {
    title: "Promtail's WAL is not read again after a restart: its unsent lines are skipped",
    threads: [
      "https://github.com/grafana/loki/issues/8197",
      "https://github.com/grafana/loki/pull/7993",
      "https://github.com/grafana/agent/pull/5590",
    ],
  },
  load: { lines: 600, linesPerSecond: 30 },
  cases: {
    restart: {
      summary: "Promtail is restarted gracefully (docker restart) while Loki is stopped.",
      faults: [
        { kind: "stop", target: "sink", at: 0.05, until: 0.95 },
        { kind: "restart", target: "shipper", at: 0.25 },
      ],
    },
    crash: {
      summary: "Promtail is killed (SIGKILL) 17 s into an outage of Loki, and started again before it ends.",
      faults: [
        { kind: "stop", target: "sink", at: 0.05, until: 0.97 },
        { kind: "kill", target: "shipper", at: 0.9, until: 0.93 },
      ],
    },
  },
} satisfies Scenario;
