import type { Scenario } from "../../src/plan/scenario.ts";

// Promtail sends the streams of a batch in no order. Of 48, the one whose lines are refused is the last in one batch of 48: only then Loki
// answers 400.
export default {
  name: "known-bugs/loki-refuses-with-204",
  load: { lines: 1_920, linesPerSecond: 480, sources: 48 },
  bug: {
    title:
      "Loki answers 204 to a push whose lines it refused in part, unless they belong to the last stream of the push",
    threads: ["https://github.com/grafana/loki/blob/v3.6.4/pkg/ingester/instance.go"],
  },
  cases: {
    "": {
      summary: "Ten lines of one stream of 48 are stamped too far behind its newest for Loki to take them.",
      faults: [],
      variables: { PROMTAIL_CONFIG: "promtail-stale-lines-config.yaml" },
    },
    "within-window": {
      summary: "The same ten lines, and a Loki that takes lines as old as that.",
      faults: [],
      variables: { PROMTAIL_CONFIG: "promtail-stale-lines-config.yaml", MAX_CHUNK_AGE: "2h" },
    },
  },
} satisfies Scenario;
