import type { Scenario, ScheduledFault } from "../src/plan/scenario.ts";
import { smallDisks as layout } from "../src/plan/small-disks.ts";

// Promtail saves its positions every 10 s, so a disk that is full for 14 s is full at one of these moments. A Promtail that was started looks
// for files after 5 s, so one that is started 2 s before its disk has room reads them again when it has.
const full = { kind: "fill-disk", at: 0.1, until: 0.8 } as const;
const whileFull: ScheduledFault = { kind: "kill", target: "sink", at: 0.6, until: 0.7 };
const onceFreed: ScheduledFault = { kind: "kill", target: "sink", at: 0.85, until: 0.9 };

export default {
  name: "disk-full",
  load: { lines: 2_000, linesPerSecond: 100 },
  cases: {
    sink: {
      summary: "The disk of Loki's ingesters is full for a while under load, and then has room again.",
      layout,
      faults: [{ ...full, target: "sink" }],
    },
    "sink-crash-while-full": {
      summary:
        "Loki's ingesters are killed (SIGKILL) while their disk is full, and started again before it has room.",
      layout,
      faults: [{ ...full, target: "sink" }, whileFull],
    },
    "sink-crash-afterwards": {
      summary: "Loki's ingesters are killed (SIGKILL) just after their disk was full, and started again.",
      layout,
      faults: [{ ...full, target: "sink" }, onceFreed],
    },
    shipper: {
      summary:
        "The disk of Promtail, with its WAL and its positions, is full for a while, and then has room again.",
      layout,
      faults: [{ ...full, target: "shipper" }],
    },
    "shipper-crash-while-full": {
      summary:
        "Promtail is killed (SIGKILL) while its disk is full, and started again just before it has room.",
      layout,
      faults: [
        { ...full, target: "shipper" },
        { kind: "kill", target: "shipper", at: 0.6, until: 0.7 },
      ],
    },
    broker: {
      summary: "The disk of one of three brokers is full for a while, and then has room again.",
      layout,
      load: { lines: 3_000, linesPerSecond: 100, sources: 12 },
      faults: [{ ...full, target: "kafka-1" }],
    },
    "all-brokers": {
      summary: "The disks of all brokers are full for a while, and then have room again.",
      layout,
      load: { lines: 3_000, linesPerSecond: 100, sources: 12 },
      faults: [{ ...full, target: "kafka" }],
    },
  },
} satisfies Scenario;
