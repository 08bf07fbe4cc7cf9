import type { Scenario } from "../src/plan/scenario.ts";

// Promtail's waits are random between two bounds, so the time at which it gives up (the horizon) is a range. Below it nothing may be
// lost, above it something must be lost: the outages are 20 % shorter and 20 % longer than that range.
export default {
  name: "sink-outage",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "below-horizon": {
      summary: "The sink is stopped for less time than the documented retries last.",
      faults: [{ kind: "stop", target: "sink", at: 0.15, until: 0.85 }],
      outage: { of: "earliest", times: 0.8 },
      timeScale: 1 / 40,
    },
    "above-horizon": {
      summary: "The sink is stopped for longer than the documented retries can last.",
      faults: [{ kind: "stop", target: "sink", at: 0.15, until: 0.85 }],
      outage: { of: "latest", times: 1.2 },
      timeScale: 1 / 40,
    },
    "one-hour": {
      summary: "The sink is stopped for an hour.",
      faults: [{ kind: "stop", target: "sink", at: 0.15, until: 0.85 }],
      outage: { holds: "1h" },
      timeScale: 1 / 120,
    },
  },
} satisfies Scenario;
