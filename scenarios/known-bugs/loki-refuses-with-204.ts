import type { Scenario } from "../../src/plan/scenario.ts";

// Promtail sends the streams of a batch in random order. Loki answers 400 only if the stream whose lines it refuses is the last one. With
// 48 streams that is the case in one of 48 batches.
export default {
  name: "known-bugs/loki-refuses-with-204",
  load: { lines: 1_920, linesPerSecond: 480, sources: 48 },
  bug: {
    title:
      "Loki answers 204 to a push although it refused some of its lines, unless these belong to the last stream of the push",
    threads: ["https://github.com/grafana/loki/blob/v3.6.4/pkg/ingester/instance.go"],
  },
  cases: {
    "": {
      summary:
        "Ten lines of one stream of 48 have timestamps too far behind its newest line for Loki to accept them.",
      faults: [],
      variables: { PROMTAIL_CONFIG: "promtail-stale-lines-config.yaml" },
    },
    "within-window": {
      summary: "The same ten lines, and a Loki that accepts lines as old as that.",
      faults: [],
      variables: { PROMTAIL_CONFIG: "promtail-stale-lines-config.yaml", MAX_CHUNK_AGE: "2h" },
    },
  },
} satisfies Scenario;
