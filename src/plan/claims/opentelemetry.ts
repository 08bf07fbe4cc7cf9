import { broken, type Claim, holds } from "../claim.ts";
import { diskFull, notLogged } from "./disk-full.ts";
import { optionOne } from "./option-1.ts";
import type { Row } from "./row.ts";

/** A promise of Option 1 in the words of the OpenTelemetry Collector, and what was measured as it begins and hardened. */
interface Carried {
  text: string;
  /** Absent if it has nothing that could be broken: as it begins, the Collector writes nothing to a disk. */
  begun?: Claim["measured"];
  hardened: Claim["measured"];
}

const kept = (text: string): Carried => ({ text, begun: holds, hardened: holds });
const fiveMinutes = broken(
  "retries end after five minutes (max_elapsed_time), then the Collector drops the batch and goes on",
);

const emptied =
  "the Collector accepts in the end what it could not write to its queue at first, sends empty requests in its place, which Loki refuses (422), and goes on";

const replayed = broken(
  "Loki may log pushes to one stream that come at the same time in another order than it counts them, and its replay takes the earlier ones for copies: " +
    "100 of 40,000 lines (seen in 1 of 1 runs)",
);

/** By scenario, in the order of Option 1. */
const carried: Record<string, Carried> = {
  "sink-restart": kept("A restart of Loki loses no line: the Collector's queue buffers."),
  "promtail-restart": kept("A restart of the Collector loses no line."),
  "promtail-restart/during-outage": kept("A restart of the Collector while Loki is away loses no line."),
  "network-partition": kept(
    "A network partition loses no line: the Collector's queue buffers, and retries go on when the network is back.",
  ),
  "sink-crash": kept("A crash of Loki loses no line: its WAL is replayed."),
  "both-crash": kept("A crash of both loses in-flight lines only, written within less than 10 s."),
  "sink-pause": kept("A sink that does not answer although its connections stay open loses no line."),
  "sink-outage/below-horizon": kept(
    "An outage of Loki shorter than Promtail's documented retries loses no line.",
  ),
  "sink-outage/above-horizon": {
    text: "An outage of Loki of up to 1 to 2 hours loses no line.",
    begun: fiveMinutes,
    hardened: holds,
  },
  "sink-outage/one-hour": {
    text: "An outage of Loki of 1 hour loses no line: the buffer lasts about that long.",
    begun: fiveMinutes,
    hardened: holds,
  },
  recovery: kept("After an outage of Loki, everything is readable within 5 to 10 minutes."),
  "recovery/rate-limited": kept(
    "After an outage of Loki, everything is readable within 5 to 10 minutes, though Loki refuses most pushes at first.",
  ),
  "recovery/replay-ceiling": {
    text: "A crash of Loki loses no line, though its WAL is larger than the replay memory ceiling.",
    begun: { ...replayed, isRace: true },
    hardened: holds,
  },
  "promtail-crash/under-load": kept("A crash of the Collector loses no line."),
  "promtail-crash/during-outage": kept("A crash of the Collector while Loki is away loses no line."),
  "file-rotation/rename-create": kept(
    "A log file that is rotated by renaming during an outage of Loki loses no line.",
  ),
  "file-rotation/rename-create-twice": kept(
    "A log file that is rotated twice by renaming during one outage of Loki loses no line.",
  ),
  "file-rotation/copytruncate": {
    text: "A log file that is copied and truncated during an outage of Loki loses no line.",
    begun: broken(
      "lines that were written within the 200 ms before the truncation and not read yet are lost",
    ),
    hardened: holds,
  },
  "app-crash": kept("A crash of the application in the middle of a line loses no line that is in its file."),
  "app-rotation": kept("An application that rotates its own log file under load loses no line."),
  "app-rotation/during-outage": kept(
    "An application that rotates its own log file during an outage of Loki loses no line.",
  ),
  "disk-full/sink": kept("A full disk of Loki loses no line."),
  "disk-full/sink-crash-while-full": {
    text: "A crash of Loki while its disk is full loses no line that it has acknowledged.",
    begun: broken(`${notLogged}: 960 of 2,000 lines`),
    hardened: broken(`${notLogged}: 956 of 2,000 lines`),
  },
  "disk-full/sink-crash-afterwards": {
    text: "A crash of Loki after its disk was full loses no line that it has acknowledged.",
    begun: broken(`${notLogged}: 1,420 of 2,000 lines`),
    hardened: broken(`${notLogged}: 1,400 of 2,000 lines`),
  },
  "disk-full/shipper": {
    text: "A full disk of the Collector loses no line.",
    hardened: { ...broken(`${emptied}: 122 of 2,000 lines (seen in 1 of 2 runs)`), isRace: true },
  },
  "disk-full/shipper-crash-while-full": {
    text: "A crash of the Collector while its disk is full loses no line.",
    hardened: broken(`${emptied}: 19 and 112 of 2,000 lines`),
  },
};

const inItsPlace = "with the OpenTelemetry Collector in Promtail's place";

/** The promises that the reference architecture makes for Option 1 with Promtail, measured with the OpenTelemetry Collector in its place. */
export const openTelemetry: Row[] = [...optionOne, ...diskFull].flatMap(({ scenario, source, bounds }) => {
  const row = carried[scenario];
  if (row === undefined) return [];
  const { text, begun, hardened } = row;
  return {
    scenario,
    text,
    source: `${source}, ${inItsPlace}`,
    bounds,
    measured: { ...(begun && { "direct-otel": begun }), "direct-otel-hardened": hardened },
  };
});
