import type { Scenario } from "../src/plan/scenario.ts";

// 16 of 20 s: longer than Promtail's timeout of 10 s, so that a push is given up and sent again while Loki still has the first.
export default {
  name: "loki-pause",
  load: { lines: 1_000, linesPerSecond: 50 },
  cases: {
    "": {
      summary:
        "Loki stands still (SIGSTOP): its connections stay open, and nobody answers, until it goes on (SIGCONT).",
      faults: [{ kind: "pause", target: "loki", at: 0.1, until: 0.9 }],
    },
  },
} satisfies Scenario;
