import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/rejected-pushes",
  load: { lines: 1_200, linesPerSecond: 60 },
  isAlertDrill: true,
  cases: {
    // The first line of each source, which is a push of its own, is short enough.
    "": {
      summary: "The gateway accepts no push of more than 1,500 bytes.",
      faults: [],
      timeScale: 1 / 20,
      variables: { MAX_BODY_BYTES: "1500" },
      mustFire: ["everyline/GatewayRejecting", "everyline/PromtailDroppedLines"],
    },
  },
} satisfies Scenario;
