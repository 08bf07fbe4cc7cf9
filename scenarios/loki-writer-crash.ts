import type { Scenario } from "../src/plan/scenario.ts";

export default {
  name: "loki-writer-crash",
  load: { lines: 20_000, linesPerSecond: 1_000, sources: 12 },
  cases: {
    "": {
      summary: "One of Loki's three ingesters is killed (SIGKILL) under load, and started again 10 s later.",
      faults: [{ kind: "kill", target: "ingester", at: 0.3, until: 0.8 }],
    },
  },
} satisfies Scenario;
