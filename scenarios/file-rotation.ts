import type { Scenario } from "../src/plan/scenario.ts";

const outage = { kind: "stop", target: "sink", at: 0.2, until: 0.8 } as const;

export default {
  name: "file-rotation",
  load: { lines: 1_000, linesPerSecond: 100 },
  cases: {
    "rename-create": {
      summary: "The log file is renamed and created anew once during an outage of Loki.",
      faults: [outage, { kind: "rotate", target: "source", method: "rename-create", at: 0.5 }],
    },
    "rename-create-twice": {
      summary: "The log file is renamed and created anew twice during one outage of Loki.",
      faults: [
        outage,
        { kind: "rotate", target: "source", method: "rename-create", at: 0.4 },
        { kind: "rotate", target: "source", method: "rename-create", at: 0.6 },
      ],
    },
    copytruncate: {
      summary: "The log file is copied and then truncated to zero bytes during an outage of Loki.",
      faults: [outage, { kind: "rotate", target: "source", method: "copytruncate", at: 0.5 }],
    },
  },
} satisfies Scenario;
