import { broken, holds } from "../claim.ts";
import { appCrashText, appRotationText, appSource, rotationSource } from "./application-promises.ts";
import { tenRetries, unsentWal } from "./promtail-losses.ts";
import type { Row } from "./row.ts";
import { exactCount, lateAfterSeconds, noLoss } from "./usual-bounds.ts";

const holdsOnBoth = { direct: holds, "direct-hardened": holds };

/** What the reference architecture promises of Option 1, in its order: Promtail pushes straight to Loki. */
export const optionOne: Row[] = [
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
        ...broken(
          "when it is stopped, Promtail does not wait until it has sent its whole WAL (seen in 3 of 7 runs)",
        ),
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
    text: "A sink that does not answer although its connections stay open loses no line.",
    source: "the table's row on a network partition, taken literally for a sink that hangs",
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
      direct: tenRetries,
      "direct-hardened": holds,
    },
  },
  {
    scenario: "sink-outage/one-hour",
    text: "An outage of Loki of 1 hour loses no line: the buffer lasts about that long.",
    source: "claimed buffer of about 1 hour",
    bounds: noLoss,
    measured: {
      direct: tenRetries,
      "direct-hardened": holds,
    },
  },
  {
    scenario: "recovery",
    text: "After an outage of Loki, everything is readable within 5 to 10 minutes.",
    source: 'claimed recovery in 5 to 10 minutes ("Minutes")',
    bounds: { ...noLoss, recoverySeconds: lateAfterSeconds },
    measured: holdsOnBoth,
  },
  {
    scenario: "recovery/rate-limited",
    text: "After an outage of Loki, everything is readable within 5 to 10 minutes, though Loki refuses most pushes at first.",
    source: 'claimed recovery in 5 to 10 minutes ("Minutes")',
    bounds: { ...noLoss, recoverySeconds: lateAfterSeconds },
    measured: holdsOnBoth,
  },
  {
    scenario: "recovery/replay-ceiling",
    text: "A crash of Loki loses no line, though its WAL is larger than the replay memory ceiling.",
    source: "guarantees table of Option 1, and replay_memory_ceiling in loki-config.yaml",
    bounds: { ...noLoss, recoverySeconds: lateAfterSeconds },
    measured: holdsOnBoth,
  },
  {
    scenario: "promtail-crash/under-load",
    text: "A crash of Promtail loses no line: the positions file tells where to go on.",
    source: "the table's row on a restart of Promtail, taken literally for a crash",
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
    source: rotationSource,
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "file-rotation/rename-create-twice",
    text: "A log file that is rotated twice by renaming during one outage of Loki loses no line.",
    source: rotationSource,
    bounds: noLoss,
    measured: holdsOnBoth,
  },
  {
    scenario: "file-rotation/copytruncate",
    text: "A log file that is copied and truncated during an outage of Loki loses no line.",
    source: rotationSource,
    bounds: noLoss,
    measured: {
      direct: broken(
        "lines that were written within the 250 ms before the truncation and not read yet are lost",
      ),
      "direct-hardened": broken("no line is lost, but the truncation leaves fragments of lines behind"),
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
      "as-written": broken("Promtail refuses the file: it has no options segment_age and max_segment_age"),
    },
  },
];
