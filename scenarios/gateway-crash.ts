import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "gateway-crash",
  load: { lines: 20_000, linesPerSecond: 2_000, sources: 12 },
  cases: {
    "": {
      summary: "The gateway is killed (SIGKILL) twice under load, and started again 1 s later.",
      faults: [
        { kind: "kill", target: "gateway", at: 0.3, until: 0.4 },
        { kind: "kill", target: "gateway", at: 0.7, until: 0.8 },
      ],
    },
  },
} satisfies Scenario;
