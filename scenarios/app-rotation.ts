import type { Scenario } from "../src/plan/scenario.ts";

const rotation = { kind: "rotate", target: "source", method: "own" } as const;

// 20 kB are about 95 lines, so each of the two files is rotated five times.
export default {
  name: "app-rotation",
  load: { lines: 1_000, linesPerSecond: 100, by: "nestjs", app: { rotateBytes: 20_000 } },
  cases: {
    "": {
      summary:
        "The application rotates its log file by itself, by rename and create, several times under load.",
      faults: [
        { ...rotation, at: 0.1 },
        { ...rotation, at: 0.5 },
      ],
    },
    "during-outage": {
      summary: "The application rotates its log file by itself, several times during an outage of Loki.",
      faults: [
        { kind: "stop", target: "sink", at: 0.2, until: 0.8 },
        { ...rotation, at: 0.3 },
        { ...rotation, at: 0.5 },
      ],
    },
  },
} satisfies Scenario;
