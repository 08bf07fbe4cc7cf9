import type { Scenario } from "../../src/plan/scenario.ts";

// This is what happens with an application that keeps writing to its open file until it is told to open another one: with
// logrotate's `nocreate`, or between its rename and the signal.
export default {
  name: "known-bugs/promtail-late-create",
  bug: {
    title: "Lines written to a renamed log file before its successor is created are not read",
    threads: ["https://github.com/grafana/loki/issues/8039"],
  },
  load: { lines: 600, linesPerSecond: 100 },
  cases: {
    "": {
      summary: "The log file is renamed, written to for 2 s more, and only then created anew.",
      faults: [
        { kind: "rotate", target: "source", method: "rename", at: 0.3 },
        { kind: "rotate", target: "source", method: "create", at: 0.65 },
      ],
    },
  },
} satisfies Scenario;
