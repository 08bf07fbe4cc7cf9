import type { Scenario } from "../../src/plan/scenario.ts";

// While Promtail waits for Loki it reads nothing. It keeps the file open that it was reading, and at its end opens the next one by
// name. By then the name belongs to the last of the files that were created meanwhile.
export default {
  name: "known-bugs/promtail-rotation-while-blocked",
  bug: {
    title: "Files that are created and rotated away while Promtail waits for Loki are never read",
    threads: ["https://github.com/grafana/loki/issues/14462", "https://github.com/grafana/loki/pull/7536"],
  },
  load: { lines: 800, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "The log file is renamed and created anew three times during one outage of Loki.",
      faults: [
        { kind: "stop", target: "sink", at: 0.1, until: 0.9 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.4 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.55 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.7 },
      ],
    },
  },
} satisfies Scenario;
