import type { Scenario, ScheduledFault } from "../src/plan/scenario.ts";

// Apart from the length of an outage, two things decide its result: how much Loki accepts at once, and in which order lines arrive. Loki
// is down as in sink-down-24h.
const faults: ScheduledFault[] = [{ kind: "stop", target: "sink", at: 0, until: 0.6, audit: "kafka" }];

export default {
  name: "loki-backlog",
  load: { lines: 40_000, linesPerSecond: 2_000, sources: 12 },
  cases: {
    "rate-limited": {
      summary: "Loki is stopped for 24 hours, and accepts a tenth of the rate that it accepts by default.",
      faults,
      outage: { lasts: "24h" },
      variables: {
        LOKI_WRITE_FLAGS: "-distributor.ingestion-rate-limit-mb=0.4 -distributor.ingestion-burst-size-mb=0.6",
      },
    },
    spread: {
      summary: "Loki is stopped for 24 hours, and the lines of each stream are spread over all partitions.",
      faults,
      outage: { lasts: "24h" },
      load: { lines: 6_000, linesPerSecond: 500, sources: 12 },
      variables: { PARTITION_BY: "line" },
    },
  },
} satisfies Scenario;
