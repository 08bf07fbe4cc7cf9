import { holds } from "../claim.ts";
import type { Row } from "./row.ts";

const text = "The alerts that this is to cause fire, are delivered, and end when their cause has ended.";
const source = "the alert rules themselves";

const drills: Record<string, string[]> = {
  direct: [
    "sink-away",
    "shipper-away",
    "files-gone",
    "positions-unreadable",
    "wal-segment-lost",
    "not-watched",
  ],
  "direct-hardened": ["unread-lines", "unread-lines/for-20-minutes", "unread-lines/cut-off"],
  "direct-small-wal": ["disk-full"],
  kafka: [
    "kafka-away",
    "gateway-and-consumer-away",
    "rejected-pushes",
    "backlog/too-old",
    "backlog/refused",
    "backlog/rate-limited",
    "backlog/large",
    "offsets-unknown",
    "offsets-lost/group",
    "offsets-lost/records",
  ],
};

/** Scenarios of `alert-drills/`: what they promise is about alerts, and any line may be lost. */
export const alertDrills: Row[] = Object.entries(drills).flatMap(([pipeline, names]) =>
  names.map((name) => ({
    ...{ scenario: `alert-drills/${name}`, text, source, bounds: {} },
    measured: { [pipeline]: holds },
  })),
);
