import type { Scenario } from "../../src/plan/scenario.ts";

export default {
  name: "known-bugs/promtail-copytruncate",
  bug: {
    title:
      "Lines that Promtail has not read when a file is truncated are lost, and the lines after that are read twice",
    threads: ["https://github.com/grafana/loki/pull/8096"],
  },
  load: { lines: 800, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "The log file is copied and then truncated to zero bytes during an outage of Loki.",
      faults: [
        { kind: "stop", target: "sink", at: 0.1, until: 0.9 },
        { kind: "rotate", target: "source", method: "copytruncate", at: 0.6 },
      ],
    },
  },
} satisfies Scenario;
