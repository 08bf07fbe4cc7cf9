import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/shipper-away",
  load: { lines: 2_400, linesPerSecond: 40 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "Promtail is killed (SIGKILL) while it cannot deliver, and started again 18 s later.",
      faults: [
        { kind: "stop", target: "sink", at: 0.3, until: 0.85 },
        { kind: "kill", target: "shipper", at: 0.5, until: 0.8 },
      ],
      timeScale: 1 / 20,
      mustFire: [
        "document/PromtailDown",
        "everyline/PromtailDown",
        "everyline/PromtailRestarted",
        "everyline/PromtailRestartedWithUnsentLines",
      ],
    },
  },
} satisfies Scenario;
