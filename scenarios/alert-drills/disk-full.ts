import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "alert-drills/disk-full",
  load: { lines: 1_000, linesPerSecond: 50 },
  isAlertDrill: true,
  cases: {
    "": {
      summary: "The disk of Loki's WAL fills up under load.",
      faults: [{ kind: "await-wal", target: "sink", event: "disk-full", at: 0.05, before: 0.9 }],
      timeScale: 1 / 20,
      mustFire: ["everyline/LokiWalDiskFull"],
    },
  },
} satisfies Scenario;
