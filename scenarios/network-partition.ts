import type { Scenario } from "../src/plan/scenario.ts";

// The cut lasts 21 of 30 s, long enough for requests to time out and for Kafka sessions to expire.
const load = { lines: 1_200, linesPerSecond: 40, sources: 12 };
const cut = { at: 0.1, until: 0.8 };

export default {
  name: "network-partition",
  load: { lines: 500, linesPerSecond: 100 },
  documentedLoad: { lines: 500, linesPerSecond: 10 },
  cases: {
    "": {
      summary:
        "Loki is disconnected from the network (docker network disconnect) before the first line and reconnected after the last.",
      faults: [{ kind: "disconnect", target: "shipper-sink", at: 0, until: 1 }],
    },
    "shipper-gateway": {
      summary: "The link between Promtail and the gateway is cut while lines are written.",
      faults: [{ kind: "disconnect", target: "shipper-gateway", ...cut }],
      load,
    },
    "gateway-kafka": {
      summary: "The links between the gateway and all brokers are cut while lines are written.",
      faults: [{ kind: "disconnect", target: "gateway-kafka", ...cut }],
      load,
    },
    "consumer-kafka": {
      summary: "The links between the consumer and all brokers are cut while lines are written.",
      faults: [{ kind: "disconnect", target: "consumer-kafka", ...cut }],
      load,
    },
    "consumer-sink": {
      summary: "The links between the consumer and all of Loki's ingesters are cut while lines are written.",
      faults: [{ kind: "disconnect", target: "consumer-sink", ...cut }],
      load,
    },
    "above-horizon": {
      summary:
        "The link between Promtail and the gateway is cut for longer than the documented retries last.",
      faults: [{ kind: "disconnect", target: "shipper-gateway", at: 0.15, until: 0.85 }],
      outage: { of: "latest", times: 1.2 },
      timeScale: 1 / 40,
    },
  },
} satisfies Scenario;
