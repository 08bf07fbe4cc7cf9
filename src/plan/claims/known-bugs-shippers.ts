import type { Bounds } from "../../pipeline/bounds.ts";
import { broken, holds } from "../claim.ts";
import { unsentWal } from "./promtail-losses.ts";
import type { Row } from "./row.ts";

const noLoss: Bounds = { lost: 0 };
const dropsBatch = broken("after ten waits Promtail drops the batch and continues with the next one");
const walText = "A restart of Promtail loses no line: its WAL has the lines that it had not sent.";
const walSource = "the purpose of Promtail's WAL: an entry that has reached it is sent eventually";
const rotationSource = "Promtail's page on log rotation: renaming works without any data loss";

/**
 * Defects of Promtail and kafkajs, which bring lines to Loki, that scenarios of `known-bugs/` reproduce: each breaks a promise that its
 * part makes. The first pipeline of a row has the defect; the others have it too, or are controls that hold.
 */
export const shippers: Row[] = [
  {
    scenario: "known-bugs/promtail-ten-retries",
    text: "An outage of Loki loses no line: Promtail retries.",
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
      "promtail-plain": broken("the saved position is after the batch that was still being sent"),
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
        "Promtail opens the next file by name, and by then the files in between have other names",
      ),
      "direct-hardened": holds,
    },
  },
  {
    scenario: "known-bugs/promtail-late-create",
    text: "A log file that is rotated by renaming loses no line, although its writer opens the next one later.",
    source: rotationSource,
    bounds: noLoss,
    measured: {
      "promtail-plain": broken("Promtail closes a file within 250 ms after its name has disappeared"),
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
        "lines that were not read before the truncation are lost; then Promtail continues at its old offset, in the middle of a line, and then reads again from the start",
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
        ...broken(
          "kafkajs treats the answer of a broker as the answer for a partition that has moved to this broker meanwhile",
        ),
        isRace: true,
      },
      "kafka-hardened": holds,
    },
  },
];
