import type { Scenario } from "../../src/run/scenario.ts";

export default {
  name: "known-bugs/loki-second-replay",
  load: { lines: 1_500, linesPerSecond: 100 },
  bug: {
    title:
      "A second replay of the WAL takes what came after the first one for lines that it has, and drops them.",
    threads: ["https://github.com/grafana/loki/pull/14848"],
  },
  cases: {
    "": {
      summary: "Loki is killed (SIGKILL) twice before anything is flushed, and started again each time.",
      faults: [
        { kind: "kill", target: "loki", at: 0.3, until: 0.35 },
        { kind: "kill", target: "loki", at: 0.7, until: 0.75 },
      ],
    },
  },
} satisfies Scenario;
