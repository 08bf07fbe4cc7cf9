import type { Bounds } from "../../pipeline/bounds.ts";
import { broken, type Claim, holds } from "../claim.ts";
import { knownBadClaims } from "./known-bad.ts";
import { loki } from "./known-bugs-loki.ts";
import { shippers } from "./known-bugs-shippers.ts";
import type { Row } from "./row.ts";
import { stdout } from "./stdout.ts";
import { victoriaLogs } from "./victorialogs.ts";

const holdsOnBoth = { direct: holds, "direct-hardened": holds };

const kafkaHoldsOnBoth = { kafka: holds, "kafka-hardened": holds };

const unsentWal = broken(
  "after a restart Promtail's WAL begins with a new segment and never sends the rest of the old ones",
);

/** The document claims that recovery takes 5 to 10 minutes; what comes later than that is late. */
const lateAfterSeconds = 600;
const noLoss: Bounds = { lost: 0, lateAfterSeconds };
const lessThanASecond: Bounds = { rpoSeconds: 1, lateAfterSeconds };
/** The document's own tests expect an exact count, so a duplicate breaks them as well. */
const exactCount: Bounds = { ...noLoss, duplicated: 0 };

/**
 * Loki judges the age of a line when it is delivered, and Kafka looks for what to delete every 5 minutes: so much may be lost of what is
 * not quite seven days old when the outage ends.
 */
const onlyOlderThanSevenDays: Bounds = { lostOlderThanSeconds: 7 * 86_400 - 300, lateAfterSeconds };

const outOfOrder = broken(
  "partitions are delivered one after the other, and Loki takes no line that is an hour behind the newest of its stream",
);

const appCrashText =
  "A crash of the application in the middle of a line loses no line that stands in its file.";
const appSource = "at least once from the log file on, taken at its word for an application that crashes";
const rotationSource = "claimed 99.9 % reliability under ordinary log rotation";
const appRotationText = "An application that rotates its own log file under load loses no line.";

const notCarriedOver = broken(
  "what the link had not carried over yet is in the lost site alone; it comes back when that does",
);

const heldBack: Claim["measured"] = {
  verdict: "unknown",
  why: "with fewer brokers in sync than min.insync.replicas Kafka holds back what followers had not heard to be committed",
  isRace: true,
};

const optionOne: Row[] = [
  {
    scenario: "sink-restart",
    row: "loki-restart",
    text: "A restart of Loki loses no line: Promtail's WAL buffers.",
    source: "guarantees table of Option 1; documented test 1 expects the exact count",
    bounds: exactCount,
    measured: holdsOnBoth,
  },
  {
    scenario: "promtail-restart",
    row: "promtail-restart",
    text: "A restart of Promtail loses no line: the positions file tells where to go on.",
    source: "guarantees table of Option 1",
    bounds: noLoss,
    measured: {
      direct: {
        ...broken("at its end Promtail does not wait until its WAL is read to the end (seen in 3 of 7 runs)"),
        isRace: true,
      },
      "direct-hardened": holds,
    },
  },
  {
    scenario: "promtail-restart/during-outage",
    row: "promtail-restart",
    text: "A restart of Promtail while Loki is away loses no line: Promtail's WAL buffers.",
    source: "the table's rows on restarts of Promtail and of Loki, taken together",
    bounds: noLoss,
    measured: { direct: unsentWal, "direct-hardened": holds },
  },
  {
    scenario: "network-partition",
    row: "network-partition",
    text: "A network partition loses no line: the WAL buffers, and retries go on when the network is back.",
    source: "guarantees table of Option 1; documented test 2 expects the exact count",
    bounds: exactCount,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-crash",
    row: "loki-crash",
    text: "A crash of Loki loses no line: its WAL is replayed.",
    source: "guarantees table of Option 1",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "both-crash",
    row: "both-crash",
    text: "A crash of both loses in-flight lines only, written within less than 10 s.",
    source: "guarantees table of Option 1",
    bounds: { lostWindowSeconds: 10, lateAfterSeconds },
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-pause",
    text: "A sink that does not answer, though its connections stay open, loses no line.",
    source: "the table's row on a network partition, taken at its word for a sink that hangs",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-outage/below-horizon",
    text: "An outage of Loki shorter than Promtail's retries loses no line.",
    source: "claimed buffer of about 1 hour, as far as the configured retries last",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-outage/above-horizon",
    text: "An outage of Loki of up to 1 to 2 hours loses no line.",
    source: "claimed buffer of about 1 hour, maximal downtime 1 to 2 hours",
    bounds: noLoss,
    measured: {
      direct: broken("ten retries last 4 to 8.5 minutes, then Promtail drops the batch and goes on"),
      "direct-hardened": holds,
    },
  },
  {
    scenario: "promtail-crash/under-load",
    text: "A crash of Promtail loses no line: the positions file tells where to go on.",
    source: "the table's row on a restart of Promtail, taken at its word for a crash",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "promtail-crash/during-outage",
    text: "A crash of Promtail while Loki is away loses no line: Promtail's WAL buffers.",
    source: "the table's rows on restarts of Promtail and of Loki, taken together",
    bounds: noLoss,
    measured: { direct: unsentWal, "direct-hardened": holds },
  },
  {
    scenario: "file-rotation/rename-create",
    text: "A log file that is rotated by renaming during an outage of Loki loses no line.",
    source: "claimed 99.9 % reliability under ordinary log rotation",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "file-rotation/rename-create-twice",
    text: "A log file that is rotated twice by renaming during one outage of Loki loses no line.",
    source: "claimed 99.9 % reliability under ordinary log rotation",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "file-rotation/copytruncate",
    text: "A log file that is copied and truncated during an outage of Loki loses no line.",
    source: "claimed 99.9 % reliability under ordinary log rotation",
    bounds: noLoss,
    measured: {
      direct: broken("what was written within the 250 ms before the cut and not read yet is gone"),
      "direct-hardened": broken("no line is lost, but the cut leaves fragments of lines behind"),
    },
  },
  {
    scenario: "app-crash",
    text: appCrashText,
    source: appSource,
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "app-rotation",
    text: appRotationText,
    source: rotationSource,
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "app-rotation/during-outage",
    text: "An application that rotates its own log file during an outage of Loki loses no line.",
    source: rotationSource,
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "as-written-config",
    text: "The document's Promtail file starts Promtail and ships lines.",
    source: "promtail-config.yaml of Option 1, word for word",
    bounds: noLoss,
    measured: {
      "as-written": broken("Promtail refuses the file: it knows no segment_age and no max_segment_age"),
    },
  },
];

const optionTwo: Row[] = [
  {
    scenario: "sink-restart",
    row: "loki-restart",
    text: "A restart of Loki loses no line: Kafka buffers.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "sink-outage/above-horizon",
    text: "An outage of Loki that lasts longer than Promtail's retries loses no line: Kafka buffers.",
    source: "claimed buffer of 7 days",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "sink-down-24h",
    row: "loki-down-24h",
    text: "An outage of Loki of 24 hours loses no line: Kafka keeps them for seven days.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "sink-down-24h/6d23h",
    text: "An outage of Loki of just under seven days loses no line.",
    source: "claimed 7 days of buffer and downtime",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "sink-down-24h/7d1h",
    text: "An outage of Loki of more than seven days loses lines that are older than that, and no others.",
    source: "claimed 7 days of buffer and downtime",
    bounds: onlyOlderThanSevenDays,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "loki-backlog/rate-limited",
    text: "A backlog that is larger than Loki takes at once is delivered without loss.",
    source: "guarantees table of Option 2, outage of 24 hours",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "loki-backlog/spread",
    text: "An outage of Loki of 24 hours loses no line, though each stream is spread over all partitions.",
    source: "guarantees table of Option 2, which does not say how lines are dealt over partitions",
    bounds: noLoss,
    measured: { kafka: outOfOrder, "kafka-hardened": outOfOrder },
  },
  {
    scenario: "loki-writer-crash",
    text: "A crash of one of Loki's writers loses no line: the others hold it, too.",
    source: "the read/write split of loki-ha-config.yaml",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "promtail-restart",
    row: "promtail-restart",
    text: "A restart of Promtail loses no line: Kafka has the logs, the consumer resumes.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: {
      kafka: {
        ...broken("at its end Promtail does not wait until its WAL is read to the end"),
        isRace: true,
      },
      "kafka-hardened": holds,
    },
  },
  {
    scenario: "promtail-restart/during-kafka-outage",
    row: "promtail-restart",
    text: "A restart of Promtail while Kafka is away loses no line: Promtail's WAL buffers.",
    source: "the table's rows on a restart of Promtail and on all of Kafka down, taken together",
    bounds: noLoss,
    measured: { kafka: unsentWal, "kafka-hardened": holds },
  },
  ...["shipper-gateway", "gateway-kafka", "consumer-kafka", "consumer-sink"].map((link) => ({
    scenario: `network-partition/${link}`,
    row: "network-partition",
    text: `A partition of the network between ${link.replace("-", " and ")} loses no line: Kafka and the WAL buffer.`,
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  })),
  {
    scenario: "network-partition/above-horizon",
    row: "network-partition",
    text: "A partition between Promtail and Kafka that lasts longer than Promtail's retries loses no line.",
    source: "guarantees table of Option 2, which gives no limit",
    bounds: noLoss,
    measured: {
      kafka: broken("ten retries last 4 to 8.5 minutes, then Promtail drops the batch and goes on"),
      "kafka-hardened": holds,
    },
  },
  {
    scenario: "broker-kill",
    row: "broker-crash",
    text: "A crash of one broker loses no line: replication factor 3.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: {
      ...kafkaHoldsOnBoth,
      "kafka-known-bad": broken(
        "kafkajs takes one send over several partitions for done when some of them were never sent",
      ),
    },
  },
  {
    scenario: "two-brokers-down",
    text: "With two brokers down writes are refused and wait; no line is lost.",
    source: "min.insync.replicas=2 and required_acks all of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "all-brokers-down/below-horizon",
    row: "all-brokers-down",
    text: "An outage of all of Kafka shorter than Promtail's retries loses no line.",
    source: "guarantees table of Option 2, as far as the configured retries last",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "all-brokers-down/above-horizon",
    row: "all-brokers-down",
    text: "An outage of all of Kafka loses no line: Promtail's WAL buffers.",
    source: "guarantees table of Option 2, which gives no limit",
    bounds: noLoss,
    measured: {
      kafka: broken("ten retries last 4 to 8.5 minutes, then Promtail drops the batch and goes on"),
      "kafka-hardened": holds,
    },
  },
  {
    scenario: "datacenter-failure/mirrored",
    row: "datacenter-failure",
    text: "The loss of a datacenter loses less than a second of acknowledged lines.",
    source: "guarantees table of Option 2, with multi-DC Kafka",
    bounds: lessThanASecond,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "datacenter-failure/mirrored-slow-link",
    row: "datacenter-failure",
    text: "The loss of a datacenter behind a slow link loses less than a second of acknowledged lines.",
    source: "guarantees table of Option 2, which says nothing of the link",
    bounds: lessThanASecond,
    measured: { kafka: notCarriedOver, "kafka-hardened": notCarriedOver },
  },
  {
    scenario: "datacenter-failure/stretched",
    text: "The loss of a datacenter loses less than a second of acknowledged lines, with one Kafka cluster over both.",
    source: "guarantees table of Option 2, with multi-DC Kafka",
    bounds: lessThanASecond,
    measured: { kafka: heldBack, "kafka-hardened": heldBack },
  },
  {
    scenario: "datacenter-failure/stretched-slow-link",
    text: "The same with one Kafka cluster over both, and a slow link.",
    source: "guarantees table of Option 2, which says nothing of the link",
    bounds: lessThanASecond,
    measured: { kafka: heldBack, "kafka-hardened": heldBack },
  },
  {
    scenario: "consumer-stop",
    text: "While the consumer is stopped Kafka holds every line; afterwards each is in Loki exactly once.",
    source: "documented test 3, which expects the exact count",
    bounds: exactCount,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "consumer-crash",
    text: "A crash of the consumer loses no line: it commits what Loki has acknowledged.",
    source: "KAFKA_ENABLE_AUTO_COMMIT=false and at least once of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "rebalance",
    text: "A consumer that joins the group and leaves it again loses no line.",
    source: "at least once of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "gateway-crash",
    text: "A crash of the gateway loses no line: it acknowledges what Kafka has acknowledged.",
    source: "required_acks all of Option 2",
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "app-crash",
    text: appCrashText,
    source: appSource,
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "app-rotation",
    text: appRotationText,
    source: rotationSource,
    bounds: noLoss,
    measured: kafkaHoldsOnBoth,
  },
  {
    scenario: "as-written-config",
    text: "Promtail produces to Kafka as the document configures it.",
    source: "promtail-kafka-config.yaml of Option 2: kafka:// client URLs and kafka_config",
    bounds: noLoss,
    measured: {
      "kafka-as-written": broken(
        "Promtail refuses the file: it knows no kafka_config, and has no output to Kafka",
      ),
    },
  },
];

const ofTheRows: Claim[] = [
  ...optionOne,
  ...optionTwo,
  ...stdout,
  ...victoriaLogs,
  ...shippers,
  ...loki,
].flatMap(({ measured, ...row }) =>
  Object.entries(measured).map(([pipeline, result]) => ({
    id: `${pipeline}/${row.scenario}`,
    pipeline,
    ...row,
    measured: result,
  })),
);

/**
 * The guarantees table: every claim, in the document's order, with what was measured on each pipeline; then what known bugs break, and
 * what proves Everyline itself.
 */
export const claims: Claim[] = [...ofTheRows, ...knownBadClaims];
