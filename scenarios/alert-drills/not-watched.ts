import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/not-watched",
  load: { lines: 1_200, linesPerSecond: 30 },
  isAlertDrill: true,
  cases: {
    // Without a target there is no `up` that could be 0.
    "": {
      summary: "Prometheus does not look at Promtail for 24 s, while Promtail works.",
      faults: [{ kind: "unwatch", target: "shipper", at: 0.1, until: 0.7 }],
      timeScale: 1 / 10,
      mustFire: ["everyline/PromtailDown", "everyline/TargetVanished"],
    },
  },
} satisfies Scenario;
