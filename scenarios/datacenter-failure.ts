import type { Scenario, ScheduledFault } from "../src/plan/scenario.ts";

// Site A is lost half way through the load, and the link with it, at a random moment between two batches of Promtail's. It returns
// when nothing more came to site B. The applications go on writing to their files in A.
const loss: ScheduledFault = { kind: "kill", target: "site-a", at: 0.5, until: 0.75, audit: "site-b" };

// The proxy's limit is for each connection, and MirrorMaker has six of them: together less than the load's 200 kB a second.
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
        "Site A is killed whole under load, while MirrorMaker copies its topic to site B over a fast link.",
      layout: "two-sites",
      faults: [loss],
    },
    "mirrored-slow-link": {
      summary:
        "Site A is killed whole under load; the link to site B takes 100 ms each way and carries 20 kB a second on each connection.",
      layout: "two-sites",
      faults: [slowLink, loss],
    },
    stretched: {
      summary:
        "Site A is killed whole under load, while one Kafka cluster spans both sites over a fast link.",
      layout: "stretched",
      faults: [loss],
    },
    "stretched-slow-link": {
      summary:
        "As stretched, but the link between the sites takes 100 ms each way and carries 20 kB a second on each connection.",
      layout: "stretched",
      faults: [slowLink, loss],
    },
  },
} satisfies Scenario;
