import type { Scenario, ScheduledFault } from "../../src/plan/scenario.ts";

const outage: ScheduledFault = { kind: "stop", target: "sink", at: 0, until: 0.8 };

// Promtail stops reading during the outage. When Loki is back, it reads the rotated files concurrently with the current one, so newer lines of
// a stream arrive before older ones. This pipeline's Loki accepts lines up to 30 s behind, so that 3 minutes stand for 6 hours by default.
export default {
  name: "known-bugs/loki-out-of-order-window",
  load: { lines: 4_000, linesPerSecond: 400 },
  bug: {
    title:
      "After an outage of more than an hour, a shipper that does not deliver strictly in order loses its backlog: Loki refuses lines that are more than half of max_chunk_age behind the newest of their stream",
    threads: [
      "https://github.com/fluent/fluent-bit/issues/9294",
      "https://grafana.com/blog/2024/01/04/the-concise-guide-to-loki-how-to-work-with-out-of-order-and-older-logs/",
    ],
  },
  cases: {
    "rotated-twice": {
      summary:
        "Loki is stopped for 3 minutes, and during that time the log file is renamed and created anew twice.",
      faults: [
        outage,
        { kind: "rotate", target: "source", method: "rename-create", at: 0.45 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.55 },
      ],
      outage: { lasts: "3m" },
    },
    "not-rotated": {
      summary: "Loki is stopped for 3 minutes, and the log file stays the same.",
      faults: [outage],
      outage: { lasts: "3m" },
    },
  },
} satisfies Scenario;
