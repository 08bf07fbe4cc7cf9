import type { Scenario } from "../../src/plan/scenario.ts";

// Loki begins a new segment at each start. It knows the streams from the segment before, and does not write them down again: so the new
// segment says of its lines to which streams they belong only by a number, which the lost segment would have explained.
export default {
  name: "alert-drills/wal-segment-lost",
  load: { lines: 2_000, linesPerSecond: 40 },
  isAlertDrill: true,
  cases: {
    "": {
      summary:
        "Loki is killed (SIGKILL) and started again; it is killed once more, the older segment of its WAL is emptied, and it is started again.",
      faults: [
        { kind: "kill", target: "sink", at: 0.15, until: 0.2 },
        { kind: "await-wal", target: "sink", event: "logged-after-restart", at: 0.2, before: 0.6 },
        { kind: "empty-wal", target: "sink", at: 0.65, until: 0.7 },
      ],
      timeScale: 1 / 20,
      mustFire: ["everyline/LokiWalCorrupted"],
    },
  },
} satisfies Scenario;
