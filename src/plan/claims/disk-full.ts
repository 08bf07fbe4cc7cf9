import { broken, holds } from "../claim.ts";
import type { Row } from "./row.ts";
import { noLoss } from "./usual-bounds.ts";

const walSource = "claimed WAL of up to 10 GB, taken literally for when there is no room for it";
const diskSource =
  "claimed buffer that only the disk limits, taken literally for a disk that is full for a while";

/** Why Loki loses lines after its disk was full, whatever ships them. */
export const notLogged = "Loki acknowledges lines that it cannot log, and notes that once in its own log";
const tornRecord =
  "Promtail drops each line that it cannot write to its WAL, and what it has written of a record keeps it from sending anything later, " +
  "while it sends the lines before again and again";

const stuckPartition =
  "in 1 of 2 runs Kafka appended a batch to a log a second time, so that the followers refused it and the partition took no write any more: unknown, " +
  "because 12 minutes later Promtail had not given up";

/** What follows of the buffers on disk that the reference architecture claims, for a disk that is full for a while. */
export const diskFull: Row[] = [
  {
    scenario: "disk-full/sink",
    text: "A full disk of Loki loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: { direct: holds, "direct-hardened": holds, kafka: holds, "kafka-hardened": holds },
  },
  {
    scenario: "disk-full/sink-crash-while-full",
    text: "A crash of Loki while its disk is full loses no line that it has acknowledged.",
    source: walSource,
    bounds: noLoss,
    measured: {
      direct: broken(`${notLogged}: 807 and 934 of 2,000 lines`),
      "direct-hardened": broken(`${notLogged}: 758 and 963 of 2,000 lines`),
      kafka: broken(`${notLogged}: 605 of 2,000 lines`),
      "kafka-hardened": broken(`${notLogged}: 480 of 2,000 lines`),
    },
  },
  {
    scenario: "disk-full/sink-crash-afterwards",
    text: "A crash of Loki after its disk was full loses no line that it has acknowledged.",
    source: walSource,
    bounds: noLoss,
    measured: {
      direct: broken(`${notLogged}: 1,388 and 1,407 of 2,000 lines`),
      "direct-hardened": broken(`${notLogged}: 1,215 of 2,000 and 1,216 of 2,142 lines`),
      kafka: broken(`${notLogged}: 1,298 of 2,000 lines`),
      "kafka-hardened": broken(`${notLogged}: 1,105 of 2,000 lines`),
    },
  },
  {
    scenario: "disk-full/shipper",
    text: "A full disk of Promtail loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: {
      direct: broken(`${tornRecord}: 1,651 and 1,770 of 2,000 lines`),
      "direct-hardened": holds,
      kafka: broken(`${tornRecord}: 1,657 of 2,000 lines`),
      "kafka-hardened": holds,
    },
  },
  {
    scenario: "disk-full/shipper-crash-while-full",
    text: "A crash of Promtail while its disk is full loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: { direct: holds, "direct-hardened": holds, kafka: holds, "kafka-hardened": holds },
  },
  {
    scenario: "disk-full/broker",
    text: "A full disk of one broker loses no line: the others have all of them.",
    source: diskSource,
    bounds: noLoss,
    measured: { kafka: holds, "kafka-hardened": holds },
  },
  {
    scenario: "disk-full/all-brokers",
    text: "Full disks of all brokers lose no line.",
    source: diskSource,
    bounds: noLoss,
    measured: { kafka: { verdict: "unknown", why: stuckPartition, isRace: true }, "kafka-hardened": holds },
  },
];
