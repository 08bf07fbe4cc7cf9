import type { Scenario } from "../src/plan/scenario.ts";

// With blocks of 4 KiB, a file ends exactly between two lines in one of 200 crashes, and both files do in one of 40,000.
export default {
  name: "app-crash",
  load: { lines: 1_000, linesPerSecond: 100, by: "nestjs", app: { blockBytes: 4_096 } },
  cases: {
    "": {
      summary:
        "The application that writes the lines is killed (SIGKILL) twice in the middle of a line, and started again at once.",
      faults: [
        { kind: "kill", target: "app", at: 0.3 },
        { kind: "kill", target: "app", at: 0.7 },
      ],
    },
  },
} satisfies Scenario;
