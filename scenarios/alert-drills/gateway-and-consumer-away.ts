import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/gateway-and-consumer-away",
  load: { lines: 3_200, linesPerSecond: 40, sources: 12 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "The consumer is stopped for 32 s, and then the gateway for 24 s.",
      faults: [
        { kind: "stop", target: "consumer", at: 0.05, until: 0.45 },
        { kind: "stop", target: "gateway", at: 0.5, until: 0.8 },
      ],
      timeScale: 1 / 10,
      mustFire: ["everyline/ConsumerDown", "everyline/ConsumerStalled", "everyline/GatewayDown"],
    },
  },
} satisfies Scenario;
