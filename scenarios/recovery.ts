import type { Scenario } from "../src/plan/scenario.ts";

// The rate and the outage leave a backlog of 20,000 lines. Nothing is scaled, because the time that recovery takes is what is measured.
export default {
  name: "recovery",
  load: { lines: 40_000, linesPerSecond: 2_000 },
  cases: {
    "": {
      summary:
        "The sink is stopped while 20,000 lines are written, and has to have them soon after it is back.",
      faults: [{ kind: "stop", target: "sink", at: 0.2, until: 0.7 }],
    },
    // The burst is a little more than Promtail's largest batch, which Loki would refuse for ever otherwise.
    "rate-limited": {
      summary:
        "Loki is stopped while 36,000 lines are written; when it is back it accepts a tenth of the rate that it accepts by default.",
      load: { lines: 60_000, linesPerSecond: 3_000 },
      faults: [{ kind: "stop", target: "sink", at: 0.1, until: 0.7 }],
      variables: {
        LOKI_WRITE_FLAGS: "-distributor.ingestion-rate-limit-mb=0.4 -distributor.ingestion-burst-size-mb=1.2",
      },
    },
    // Small enough for what a pipeline on a busy machine has delivered by then.
    // In the first minutes Loki flushes no chunk, so that all it has accepted is in its WAL, and what it flushes is because of the ceiling.
    "replay-ceiling": {
      summary:
        "Loki is killed (SIGKILL) when its WAL holds more than it may hold in memory while it replays it, and started again.",
      faults: [
        { kind: "kill", target: "sink", at: 0.4, until: 0.45 },
        { kind: "await-wal", target: "sink", event: "flushed-by-replay", at: 0.45, before: 0.98 },
      ],
      variables: { LOKI_WRITE_FLAGS: "-ingester.wal-replay-memory-ceiling=250KB" },
    },
  },
} satisfies Scenario;
