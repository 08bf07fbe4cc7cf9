import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "as-written-config",
  load: { lines: 100, linesPerSecond: 100 },
  startIsClaimed: true,
  cases: {
    "": {
      summary:
        "The document's own configuration files are started as they stand; nothing is broken on purpose.",
      faults: [],
    },
  },
} satisfies Scenario;
