import type { Claim } from "../claim.ts";
import { optionOne } from "./option-1.ts";
import type { Row } from "./row.ts";

/** A promise of Option 1 in the words of the OpenTelemetry Collector, and what was measured as it begins and hardened. */
interface Carried {
  text: string;
  begun: Claim["measured"];
  hardened: Claim["measured"];
}

const notRun: Claim["measured"] = { verdict: "unknown", why: "not run yet" };
const onBoth = (text: string): Carried => ({ text, begun: notRun, hardened: notRun });

/** By scenario, in the order of Option 1. */
const carried: Record<string, Carried> = {
  "sink-restart": onBoth("A restart of Loki loses no line: the Collector's queue buffers."),
  "promtail-restart": onBoth("A restart of the Collector loses no line."),
  "promtail-restart/during-outage": onBoth("A restart of the Collector while Loki is away loses no line."),
  "network-partition": onBoth(
    "A network partition loses no line: the Collector's queue buffers, and retries go on when the network is back.",
  ),
  "sink-crash": onBoth("A crash of Loki loses no line: its WAL is replayed."),
  "both-crash": onBoth("A crash of both loses in-flight lines only, written within less than 10 s."),
  "sink-pause": onBoth("A sink that does not answer although its connections stay open loses no line."),
  "sink-outage/below-horizon": onBoth(
    "An outage of Loki shorter than Promtail's documented retries loses no line.",
  ),
  "sink-outage/above-horizon": onBoth("An outage of Loki of up to 1 to 2 hours loses no line."),
  "sink-outage/one-hour": onBoth(
    "An outage of Loki of 1 hour loses no line: the buffer lasts about that long.",
  ),
  recovery: onBoth("After an outage of Loki, everything is readable within 5 to 10 minutes."),
  "promtail-crash/under-load": onBoth("A crash of the Collector loses no line."),
  "promtail-crash/during-outage": onBoth("A crash of the Collector while Loki is away loses no line."),
  "file-rotation/rename-create": onBoth(
    "A log file that is rotated by renaming during an outage of Loki loses no line.",
  ),
  "file-rotation/rename-create-twice": onBoth(
    "A log file that is rotated twice by renaming during one outage of Loki loses no line.",
  ),
  "file-rotation/copytruncate": onBoth(
    "A log file that is copied and truncated during an outage of Loki loses no line.",
  ),
  "app-crash": onBoth(
    "A crash of the application in the middle of a line loses no line that is in its file.",
  ),
  "app-rotation": onBoth("An application that rotates its own log file under load loses no line."),
  "app-rotation/during-outage": onBoth(
    "An application that rotates its own log file during an outage of Loki loses no line.",
  ),
};

/** The promises that the reference architecture makes for Option 1 with Promtail, measured with the OpenTelemetry Collector in its place. */
export const openTelemetry: Row[] = optionOne.flatMap(({ scenario, source, bounds }) => {
  const row = carried[scenario];
  if (row === undefined) return [];
  const { text, begun, hardened } = row;
  return {
    scenario,
    text,
    source: `${source}, with the OpenTelemetry Collector in Promtail's place`,
    bounds,
    measured: { "direct-otel": begun, "direct-otel-hardened": hardened },
  };
});
