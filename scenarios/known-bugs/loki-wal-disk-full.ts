import type { Scenario, ScheduledFault } from "../../src/plan/scenario.ts";

const kill: ScheduledFault = { kind: "kill", target: "sink", at: 0.8, until: 0.85 };

export default {
  name: "known-bugs/loki-wal-disk-full",
  load: { lines: 1_000, linesPerSecond: 100 },
  bug: {
    title: "When the disk of its WAL is full, Loki continues to acknowledge lines, and a crash loses them",
    threads: [
      "https://github.com/grafana/loki/pull/3136",
      "https://github.com/grafana/loki/blob/main/docs/sources/operations/storage/wal.md",
    ],
  },
  cases: {
    "": {
      summary:
        "The disk of Loki's WAL fills up under load; then Loki is killed (SIGKILL), and started again.",
      faults: [{ kind: "await-wal", target: "sink", event: "disk-full", at: 0.1, before: 0.75 }, kill],
    },
    "room-enough": {
      summary: "The disk of Loki's WAL does not fill up; Loki is killed all the same, and started again.",
      faults: [kill],
      variables: { WAL_SIZE: "64m" },
    },
  },
} satisfies Scenario;
