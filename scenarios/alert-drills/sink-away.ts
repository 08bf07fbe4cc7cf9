import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/sink-away",
  load: { lines: 2_400, linesPerSecond: 40 },
  isAlertDrill: true,
  cases: {
    // At this scale Promtail's retries end 13 to 31 s after the first failure.
    "": {
      summary: "Loki is stopped for so long that Promtail gives lines up.",
      faults: [{ kind: "stop", target: "sink", at: 0.1, until: 0.75 }],
      timeScale: 1 / 20,
      mustFire: [
        "document/LokiDown",
        "everyline/LokiDown",
        "everyline/NoLinesArrive",
        "everyline/PromtailDeliveryFailing",
        "everyline/PromtailRetriesRunningOut",
        "everyline/PromtailDroppedLines",
      ],
    },
    // Promtail looks at its files every 10 s at any scale, so the rule about that has its real periods.
    "in-real-time": {
      summary: "Loki is stopped for 160 s, in which Promtail reads nothing.",
      faults: [{ kind: "stop", target: "sink", at: 0.1, until: 0.9 }],
      load: { lines: 4_000, linesPerSecond: 20 },
      mustFire: ["everyline/LokiDown", "everyline/PromtailReadingStalled"],
    },
    "for-20-minutes": {
      summary: "Loki is stopped for 20 minutes, while 10 MB of lines are waiting to be read.",
      faults: [{ kind: "stop", target: "sink", at: 0.02, until: 0.98 }],
      load: { lines: 250_000, linesPerSecond: 200 },
      mustFire: [
        "document/LokiDown",
        "document/PromtailFileLag",
        "everyline/NoLinesArrive",
        "everyline/PromtailFallsBehind",
      ],
    },
  },
} satisfies Scenario;
