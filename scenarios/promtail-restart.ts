import type { Scenario } from "../src/run/scenario.ts";

export default {
  name: "promtail-restart",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "Promtail is restarted gracefully (docker restart) while lines are written.",
      faults: [{ kind: "restart", target: "shipper", at: 0.3 }],
    },
  },
} satisfies Scenario;
