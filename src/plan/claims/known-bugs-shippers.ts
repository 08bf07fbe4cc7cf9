import { type Bounds, broken, holds } from "../claim.ts";
import type { Row } from "./row.ts";

const noLoss: Bounds = { lost: 0 };
const dropsBatch = broken("after ten waits Promtail drops the batch and goes on with the next one");
const unsentWal = broken(
  "after a restart Promtail's WAL begins with a new segment and never sends the rest of the old ones",
);
const walText = "A restart of Promtail loses no line: what it had not sent stands in its WAL.";
const walSource = "the purpose of Promtail's WAL: an entry that has reached it is sent in the end";
const rotationSource = "Promtail's page on log rotation: renaming works without any data loss";

/**
 * Defects of what brings lines to Loki, Promtail and kafkajs, that scenarios of `known-bugs/` reproduce: each breaks a promise that its
 * part makes. The first pipeline of a row has the defect; the others have it too, or hold beside it.
 */
export const shippers: Row[] = [
  {
    scenario: "known-bugs/promtail-ten-retries",
    text: "An outage of Loki loses no line: Promtail tries again.",
    source: "Promtail's backoff_config, with its default of ten retries",
    bounds: noLoss,
    measured: { direct: dropsBatch, "promtail-plain": dropsBatch, "direct-hardened": holds },
  },
  {
    scenario: "known-bugs/promtail-wal-restart/restart",
    text: walText,
    source: walSource,
    bounds: noLoss,
    measured: { direct: unsentWal, "direct-hardened": holds },
  },
  {
    scenario: "known-bugs/promtail-wal-restart/crash",
    text: walText,
    source: walSource,
    bounds: noLoss,
    measured: { direct: unsentWal, "direct-hardened": holds },
  },
  {
    scenario: "known-bugs/promtail-position-ahead",
    text: "A crash of Promtail loses no line: the positions file tells where to go on.",
    source: "Promtail's documentation: the positions file lets it continue from where it left off",
    bounds: noLoss,
    measured: {
      "promtail-plain": broken("the saved position is behind the batch that was still being tried"),
      "direct-hardened": holds,
    },
  },
  {
    scenario: "known-bugs/promtail-rotation-while-blocked",
    text: "A log file that is rotated by renaming loses no line.",
    source: rotationSource,
    bounds: noLoss,
    measured: {
      "promtail-plain": broken(
        "Promtail opens the next file by name, and the files between have other names by then",
      ),
      "direct-hardened": holds,
    },
  },
  {
    scenario: "known-bugs/promtail-late-create",
    text: "A log file that is rotated by renaming loses no line, though its writer opens the next one later.",
    source: rotationSource,
    bounds: noLoss,
    measured: {
      "promtail-plain": broken("Promtail lets go of a file within 250 ms of its name being gone"),
      "direct-hardened": holds,
    },
  },
  {
    scenario: "known-bugs/promtail-copytruncate",
    text: "A log file that is copied and truncated loses no line.",
    source: "Promtail's page on log rotation, which warns of it",
    bounds: noLoss,
    measured: {
      "promtail-plain": broken(
        "what was not read before the cut is gone; then Promtail reads on from its old offset, in the middle of a line, and again from the start",
      ),
    },
  },
  {
    scenario: "known-bugs/kafkajs-leader-change",
    text: "A record that kafkajs says was acknowledged by all in-sync replicas is in Kafka.",
    source: "kafkajs' acks: -1",
    bounds: noLoss,
    measured: {
      "kafka-known-bad": {
        ...broken("kafkajs takes the answer of a broker for that of a partition which came to it meanwhile"),
        isRace: true,
      },
      "kafka-hardened": holds,
    },
  },
];
