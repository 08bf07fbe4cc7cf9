import type { Scenario } from "../../src/plan/scenario.ts";

// Without a WAL of its own, Promtail reads nothing while it cannot deliver. It looks at its files every 10 s at any scale, so the rules about
// that have their real periods.
export default {
  name: "alert-drills/unread-lines",
  load: { lines: 4_000, linesPerSecond: 20 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "Loki is stopped for 160 s, in which Promtail reads nothing.",
      faults: [{ kind: "stop", target: "sink", at: 0.1, until: 0.9 }],
      mustFire: ["everyline/LokiDown", "everyline/PromtailReadingStalled"],
    },
    "for-20-minutes": {
      summary:
        "Loki is stopped for 20 minutes, in which more than 10 MB of lines are written that Promtail does not read.",
      faults: [{ kind: "stop", target: "sink", at: 0.02, until: 0.98 }],
      load: { lines: 375_000, linesPerSecond: 300, sources: 1 },
      // PromtailFallsBehind fires as well, and LokiDown withholds it.
      mustFire: ["document/LokiDown", "document/PromtailFileLag"],
    },
    // Prometheus still reaches Loki. The rule compares with ten minutes ago, and waits for two more; 10 MB are unread after nine.
    "cut-off": {
      summary:
        "The network between Promtail and Loki is cut for 13 minutes, in which more than 10 MB of lines are written that Promtail does not read.",
      faults: [{ kind: "disconnect", target: "shipper-sink", at: 0.02, until: 0.97 }],
      load: { lines: 80_000, linesPerSecond: 100, sources: 1 },
      mustFire: ["everyline/PromtailDeliveryFailing", "everyline/PromtailFallsBehind"],
    },
  },
} satisfies Scenario;
