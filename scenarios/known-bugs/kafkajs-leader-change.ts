import type { Scenario } from "../../src/plan/scenario.ts";

// Twelve streams, so that each of the six partitions has lines in every send. A killed broker is replaced as leader after 9 to 12 s,
// and the load lasts longer than that.
export default {
  name: "known-bugs/kafkajs-leader-change",
  bug: {
    title:
      "kafkajs 2.2.4 resolves a send although it never sent the records of a partition whose leader had changed",
    threads: ["https://github.com/tulios/kafkajs/issues/1303", "https://github.com/tulios/kafkajs/pull/1798"],
  },
  load: { lines: 120_000, linesPerSecond: 6_000, sources: 12 },
  cases: {
    "": {
      summary: "The broker that leads most of the topic hangs under load, and is killed (SIGKILL).",
      faults: [{ kind: "kill", target: "kafka-leader", at: 0.2, until: 0.9 }],
      layout: "single",
    },
  },
} satisfies Scenario;
