import type { Scenario, ScheduledFault } from "../src/plan/scenario.ts";

// Site A is lost halfway through the load, together with the link, at a random moment between two of Promtail's batches. It returns
// when nothing more arrives in site B. The applications continue to write to their files in A.
const loss: ScheduledFault = { kind: "kill", target: "site-a", at: 0.5, until: 0.75, audit: "site-b" };

// The proxy's limit applies to each connection. MirrorMaker has six of them, which together carry less than the load's 200 kB a second.
const slowLink: ScheduledFault = {
  kind: "slow",
  target: "site-link",
  latencyMs: 100,
  kilobytesPerSecond: 20,
  at: 0,
  until: 1,
};

export default {
  name: "datacenter-failure",
  load: { lines: 30_000, linesPerSecond: 2_000, sources: 12 },
  cases: {
    mirrored: {
      summary:
        "All of site A is killed under load, while MirrorMaker copies its topic to site B over a fast link.",
      layout: "two-sites",
      faults: [loss],
    },
    "mirrored-slow-link": {
      summary:
        "All of site A is killed under load; the link to site B takes 100 ms each way and carries 20 kB a second on each connection.",
      layout: "two-sites",
      faults: [slowLink, loss],
    },
    stretched: {
      summary:
        "All of site A is killed under load, while one Kafka cluster spans both sites over a fast link.",
      layout: "stretched",
      faults: [loss],
    },
    "stretched-slow-link": {
      summary:
        "Like the case stretched, but the link between the sites takes 100 ms each way and carries 20 kB a second on each connection.",
      layout: "stretched",
      faults: [slowLink, loss],
    },
  },
} satisfies Scenario;
