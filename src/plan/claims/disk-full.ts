import { holds } from "../claim.ts";
import type { Row } from "./row.ts";
import { noLoss } from "./usual-bounds.ts";

const walSource = "claimed WAL of up to 10 GB, taken literally for when there is no room for it";
const diskSource =
  "claimed buffer that only the disk limits, taken literally for a disk that is full for a while";
const onDirect = { direct: holds, "direct-hardened": holds };
const onKafka = { kafka: holds, "kafka-hardened": holds };
const onBoth = { ...onDirect, ...onKafka };

/** What follows of the buffers on disk that the reference architecture claims, for a disk that is full for a while. */
export const diskFull: Row[] = [
  {
    scenario: "disk-full/sink",
    text: "A full disk of Loki loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: onBoth,
  },
  {
    scenario: "disk-full/sink-crash-while-full",
    text: "A crash of Loki while its disk is full loses no line that it has acknowledged.",
    source: walSource,
    bounds: noLoss,
    measured: onBoth,
  },
  {
    scenario: "disk-full/sink-crash-afterwards",
    text: "A crash of Loki after its disk was full loses no line that it has acknowledged.",
    source: walSource,
    bounds: noLoss,
    measured: onBoth,
  },
  {
    scenario: "disk-full/shipper",
    text: "A full disk of Promtail loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: onBoth,
  },
  {
    scenario: "disk-full/shipper-crash-while-full",
    text: "A crash of Promtail while its disk is full loses no line.",
    source: walSource,
    bounds: noLoss,
    measured: onBoth,
  },
  {
    scenario: "disk-full/broker",
    text: "A full disk of one broker loses no line: the others have all of them.",
    source: diskSource,
    bounds: noLoss,
    measured: onKafka,
  },
  {
    scenario: "disk-full/all-brokers",
    text: "Full disks of all brokers lose no line.",
    source: diskSource,
    bounds: noLoss,
    measured: onKafka,
  },
];
