import type { Scenario } from "../../src/plan/scenario.ts";

// Promtail looks at its files every 10 s at any scale, so the rules about that have their real periods, and one of them fires for 10
// minutes after its cause has ended.
export default {
  name: "alert-drills/files-gone",
  load: { lines: 4_000, linesPerSecond: 20 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "Every log file is renamed, and created anew only 170 s later.",
      faults: [
        { kind: "rotate", target: "source", method: "rename", at: 0.1 },
        { kind: "rotate", target: "source", method: "create", at: 0.95 },
      ],
      mustFire: ["everyline/PromtailFileGone", "everyline/PromtailReadsNoFile"],
    },
  },
} satisfies Scenario;
