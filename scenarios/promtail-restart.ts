import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "promtail-restart",
  load: { lines: 1_000, linesPerSecond: 40 },
  cases: {
    "": {
      summary: "Promtail is restarted gracefully (docker restart) three times while lines are written.",
      faults: [
        { kind: "restart", target: "shipper", at: 0.1 },
        { kind: "restart", target: "shipper", at: 0.4 },
        { kind: "restart", target: "shipper", at: 0.7 },
      ],
    },
    "during-outage": {
      summary: "Promtail is restarted gracefully (docker restart) while Loki is stopped.",
      faults: [
        { kind: "stop", target: "sink", at: 0.1, until: 0.9 },
        { kind: "restart", target: "shipper", at: 0.3 },
      ],
    },
    "during-kafka-outage": {
      summary: "Promtail is restarted gracefully (docker restart) while all brokers are stopped.",
      faults: [
        { kind: "stop", target: "kafka", at: 0.1, until: 0.9 },
        { kind: "restart", target: "shipper", at: 0.4 },
      ],
    },
  },
} satisfies Scenario;
