import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "known-bugs/loki-second-replay",
  load: { lines: 2_000, linesPerSecond: 100 },
  bug: {
    title:
      "A second replay of the WAL drops lines that were written after the first replay, as if it already had them",
    threads: ["https://github.com/grafana/loki/pull/14848"],
  },
  cases: {
    "": {
      summary: "Loki is killed (SIGKILL) twice before anything is flushed, and started again each time.",
      faults: [
        { kind: "kill", target: "sink", at: 0.15, until: 0.2 },
        { kind: "await-wal", target: "sink", event: "logged-after-restart", at: 0.2, before: 0.6 },
        { kind: "kill", target: "sink", at: 0.8, until: 0.85 },
      ],
    },
  },
} satisfies Scenario;
