import type { Scenario } from "../../src/plan/scenario.ts";

// A Promtail that waits for Loki reads nothing. It holds the file that it was reading, and opens the next one by name when it has
// come to its end: by then the name belongs to the last of the files that came after.
export default {
  name: "known-bugs/promtail-rotation-while-blocked",
  bug: {
    title: "Files that come and go by rotation while Promtail waits for Loki are never read",
    threads: ["https://github.com/grafana/loki/issues/14462", "https://github.com/grafana/loki/pull/7536"],
  },
  load: { lines: 800, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "The log file is renamed and created anew three times during one outage of Loki.",
      faults: [
        { kind: "stop", target: "loki", at: 0.1, until: 0.9 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.4 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.55 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.7 },
      ],
    },
  },
} satisfies Scenario;
