import type { Scenario } from "../../src/plan/scenario.ts";

// In the first minutes Loki flushes no chunk and writes no checkpoint, so what it has acknowledged is only in its WAL.
export default {
  name: "known-bugs/loki-torn-wal-record",
  load: { lines: 1_000, linesPerSecond: 100 },
  bug: {
    title:
      "One damaged record ends the replay of Loki's WAL: every line after it is lost, and neither log nor metric says so",
    threads: [
      "https://github.com/grafana/loki/blob/v3.6.4/pkg/ingester/recovery.go",
      "https://github.com/grafana/loki/pull/3117",
      "https://github.com/grafana/loki/blob/main/docs/sources/operations/storage/wal.md",
    ],
  },
  cases: {
    flipped: {
      summary:
        "Loki is killed (SIGKILL), one byte in the middle of its WAL is flipped, and it is started again.",
      faults: [{ kind: "tear-wal", target: "sink", record: "middle", by: "flip", at: 0.5, until: 0.6 }],
    },
    tail: {
      summary: "Loki is killed, its WAL is cut in the middle of its last record, and it is started again.",
      faults: [{ kind: "tear-wal", target: "sink", record: "last", by: "cut", at: 0.5, until: 0.6 }],
    },
    "tail-then-crash": {
      summary:
        "Loki is killed and its WAL is cut in the middle of its last record; it is started again, accepts more lines, and is killed again.",
      faults: [
        { kind: "tear-wal", target: "sink", record: "last", by: "cut", at: 0.15, until: 0.17 },
        { kind: "await-wal", target: "sink", event: "logged-after-restart", at: 0.17, before: 0.6 },
        { kind: "kill", target: "sink", at: 0.8, until: 0.85 },
      ],
      load: { lines: 2_000, linesPerSecond: 100 },
    },
    "one-of-three": {
      summary:
        "One of Loki's three ingesters is killed, one byte in the middle of its WAL is flipped, and it is started again.",
      faults: [{ kind: "tear-wal", target: "ingester", record: "middle", by: "flip", at: 0.5, until: 0.7 }],
      load: { lines: 4_000, linesPerSecond: 400, sources: 12 },
      layout: "split",
    },
  },
} satisfies Scenario;
