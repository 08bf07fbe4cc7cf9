import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "as-written-config",
  load: { lines: 100, linesPerSecond: 100 },
  startIsClaimed: true,
  cases: {
    "": {
      summary:
        "The pipeline is started with the document's own configuration files, word for word; no fault is injected.",
      faults: [],
    },
  },
} satisfies Scenario;
