import type { Scenario, ScheduledFault } from "../../src/plan/scenario.ts";

const outage: ScheduledFault = { kind: "stop", target: "loki", at: 0, until: 0.8 };

// Promtail stands still during the outage. What was rotated away meanwhile it reads beside the rest when Loki is back, and newer lines of a
// stream come before older ones. The pipeline's Loki takes lines up to 30 s behind, so that 3 minutes stand for the 6 hours of the default.
export default {
  name: "known-bugs/loki-out-of-order-window",
  load: { lines: 4_000, linesPerSecond: 400 },
  bug: {
    title:
      "After an outage of more than an hour a shipper that does not deliver strictly in order loses its backlog: Loki takes no line that lies half of max_chunk_age behind the newest of its stream",
    threads: [
      "https://github.com/fluent/fluent-bit/issues/9294",
      "https://grafana.com/blog/2024/01/04/the-concise-guide-to-loki-how-to-work-with-out-of-order-and-older-logs/",
    ],
  },
  cases: {
    "rotated-twice": {
      summary: "Loki is stopped for 3 minutes, and the log file is renamed and created anew twice meanwhile.",
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
