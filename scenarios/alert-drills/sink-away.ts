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
  },
} satisfies Scenario;
