import type { Bounds } from "../../pipeline/bounds.ts";
import { broken, type Claim, holds } from "../claim.ts";
import { appCrashText, appRotationText, appSource, rotationSource } from "./application-promises.ts";
import { tenRetries, unsentWal } from "./promtail-losses.ts";
import type { Row } from "./row.ts";
import { exactCount, lateAfterSeconds, noLoss } from "./usual-bounds.ts";

const holdsOnBoth = { kafka: holds, "kafka-hardened": holds };

const lessThanASecond: Bounds = { rpoSeconds: 1, lateAfterSeconds };

/**
 * Loki judges the age of a line when the line is delivered, and Kafka deletes old records only every 5 minutes. So lines that are up to 5
 * minutes younger than seven days when the outage ends may be lost as well.
 */
const onlyOlderThanSevenDays: Bounds = { lostOlderThanSeconds: 7 * 86_400 - 300, lateAfterSeconds };

const outOfOrder = broken(
  "partitions are delivered one after the other, and Loki refuses lines that are an hour behind the newest of their stream",
);

const notCarriedOver = broken(
  "lines that were not yet mirrored exist only in the lost site; they are available again when it comes back",
);

const heldBack: Claim["measured"] = {
  verdict: "unknown",
  why: "with fewer in-sync replicas than min.insync.replicas Kafka does not deliver records that followers do not yet know to be committed",
  isRace: true,
};

/** What the reference architecture promises of Option 2, in its order: Kafka between Promtail and Loki. */
export const optionTwo: Row[] = [
  {
    scenario: "sink-restart",
    row: "loki-restart",
    text: "A restart of Loki loses no line: Kafka buffers.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-outage/above-horizon",
    text: "An outage of Loki that lasts longer than Promtail's retries loses no line: Kafka buffers.",
    source: "claimed buffer of 7 days",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "recovery",
    text: "After an outage of Loki, everything is readable within seconds.",
    source: 'claimed recovery in seconds ("real-time"), of which the most that is still no minute is allowed',
    bounds: { ...noLoss, recoverySeconds: 60 },
    measured: holdsOnBoth,
  },
  {
    scenario: "recovery/replay-ceiling",
    text: "A crash of Loki's ingesters loses no line, though their WALs are larger than the replay memory ceiling.",
    source: "claimed recovery in seconds, and replay_memory_ceiling in loki-ha-config.yaml",
    bounds: { ...noLoss, recoverySeconds: 60 },
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-down-24h",
    row: "loki-down-24h",
    text: "An outage of Loki of 24 hours loses no line: Kafka keeps them for seven days.",
    source: "guarantees table of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-down-24h/6d23h",
    text: "An outage of Loki of just under seven days loses no line.",
    source: "claimed 7 days of buffer and downtime",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "sink-down-24h/7d1h",
    text: "An outage of Loki of more than seven days loses lines that are older than that, and no others.",
    source: "claimed 7 days of buffer and downtime",
    bounds: onlyOlderThanSevenDays,
    measured: holdsOnBoth,
  },
  {
    scenario: "loki-backlog/rate-limited",
    text: "A backlog that is larger than Loki accepts at once is delivered without loss.",
    source: "guarantees table of Option 2, outage of 24 hours",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "loki-backlog/spread",
    text: "An outage of Loki of 24 hours loses no line, though each stream is spread over all partitions.",
    source: "guarantees table of Option 2, which does not say how lines are distributed over partitions",
    bounds: noLoss,
    measured: { kafka: outOfOrder, "kafka-hardened": outOfOrder },
  },
  {
    scenario: "loki-writer-crash",
    text: "A crash of one of Loki's ingesters loses no line: the others have it as well.",
    source: "the read/write split of loki-ha-config.yaml",
    bounds: noLoss,
    measured: holdsOnBoth,
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
    measured: holdsOnBoth,
  })),
  {
    scenario: "network-partition/above-horizon",
    row: "network-partition",
    text: "A partition between Promtail and Kafka that lasts longer than Promtail's retries loses no line.",
    source: "guarantees table of Option 2, which gives no limit",
    bounds: noLoss,
    measured: {
      // Only the batch in flight is dropped. Where the gateway had it before the cut and only its answer was lost, no line is.
      kafka: { ...tenRetries, isRace: true },
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
      ...holdsOnBoth,
      "kafka-known-bad": broken(
        "kafkajs resolves a send over several partitions although the records of some were never sent",
      ),
    },
  },
  {
    scenario: "two-brokers-down",
    text: "With two brokers down writes are refused and wait; no line is lost.",
    source: "min.insync.replicas=2 and required_acks all of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "all-brokers-down/below-horizon",
    row: "all-brokers-down",
    text: "An outage of all of Kafka shorter than Promtail's retries loses no line.",
    source: "guarantees table of Option 2, as far as the configured retries last",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "all-brokers-down/above-horizon",
    row: "all-brokers-down",
    text: "An outage of all of Kafka loses no line: Promtail's WAL buffers.",
    source: "guarantees table of Option 2, which gives no limit",
    bounds: noLoss,
    measured: {
      kafka: tenRetries,
      "kafka-hardened": holds,
    },
  },
  {
    scenario: "datacenter-failure/mirrored",
    row: "datacenter-failure",
    text: "The loss of a datacenter loses less than a second of acknowledged lines.",
    source: "guarantees table of Option 2, with multi-DC Kafka",
    bounds: lessThanASecond,
    measured: holdsOnBoth,
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
    measured: holdsOnBoth,
  },
  {
    scenario: "consumer-crash",
    text: "A crash of the consumer loses no line: it commits what Loki has acknowledged.",
    source: "KAFKA_ENABLE_AUTO_COMMIT=false and at least once of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "rebalance",
    text: "A consumer that joins the group and leaves it again loses no line.",
    source: "at least once of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "gateway-crash",
    text: "A crash of the gateway loses no line: it acknowledges what Kafka has acknowledged.",
    source: "required_acks all of Option 2",
    bounds: noLoss,
    measured: holdsOnBoth,
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
    scenario: "as-written-config",
    text: "Promtail produces to Kafka as the document configures it.",
    source: "promtail-kafka-config.yaml of Option 2: kafka:// client URLs and kafka_config",
    bounds: noLoss,
    measured: {
      "kafka-as-written": broken(
        "Promtail refuses the file: it has no option kafka_config and no output to Kafka",
      ),
    },
  },
];
