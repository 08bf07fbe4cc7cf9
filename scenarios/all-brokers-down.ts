import type { Scenario } from "../src/plan/scenario.ts";

// Promtail's waits are random between two bounds, so the time at which it gives up (the horizon) is a range. Brokers need about 10 s
// to come back, however short the retries are: the time scale leaves room for that, and the outage below the horizon is well below it.
const timeScale = 1 / 8;

export default {
  name: "all-brokers-down",
  load: { lines: 1_000, linesPerSecond: 50, sources: 12 },
  cases: {
    "below-horizon": {
      summary: "All brokers are killed (SIGKILL) for less time than the documented retries last.",
      faults: [{ kind: "kill", target: "kafka", at: 0.15, until: 0.85 }],
      outage: { of: "earliest", times: 0.4 },
      timeScale,
    },
    "above-horizon": {
      summary: "All brokers are killed (SIGKILL) for longer than the documented retries can last.",
      faults: [{ kind: "kill", target: "kafka", at: 0.1, until: 0.9 }],
      outage: { of: "latest", times: 1.1 },
      timeScale,
    },
  },
} satisfies Scenario;
