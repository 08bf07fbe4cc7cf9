import type { Scenario } from "../../src/plan/scenario.ts";

// Promtail looks at its files every 10 s at any scale, so the rule has its real period.
export default {
  name: "alert-drills/positions-unreadable",
  load: { lines: 2_400, linesPerSecond: 16 },
  isAlertDrill: true,
  cases: {
    "": {
      summary:
        "Promtail is started with saved positions that are no numbers, by which it opens no file; 120 s later it is started with those from before.",
      faults: [{ kind: "damage-positions", target: "shipper", at: 0.15, until: 0.95 }],
      mustFire: ["everyline/PromtailFileNeverOpened"],
    },
  },
} satisfies Scenario;
