import type { Scenario } from "../../src/plan/scenario.ts";

// Like sink-outage, but with retries a hundredth as long, so that the run takes half a minute.
export default {
  name: "known-bugs/promtail-ten-retries",
  bug: {
    title: "Promtail drops a batch that ten retries did not deliver, and continues with the next one",
    threads: [
      "https://github.com/grafana/loki/issues/915",
      "https://github.com/grafana/loki/issues/3903",
      "https://github.com/grafana/loki/pull/1840",
    ],
  },
  load: { lines: 600, linesPerSecond: 40 },
  cases: {
    "": {
      summary: "Loki is stopped for longer than ten retries can last.",
      faults: [{ kind: "stop", target: "sink", at: 0.1, until: 0.9 }],
      outage: { of: "latest", times: 1.2 },
      timeScale: 1 / 100,
    },
  },
} satisfies Scenario;
