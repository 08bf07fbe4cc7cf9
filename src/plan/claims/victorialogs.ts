import { broken, holds } from "../claim.ts";
import { tenRetries } from "./promtail-losses.ts";
import type { Row } from "./row.ts";
import { exactCount, noLoss } from "./usual-bounds.ts";

/**
 * The promises that the reference architecture makes for Option 1 with Loki, measured with VictoriaLogs instead. VictoriaLogs has no
 * write-ahead log and keeps acknowledged lines in memory for up to 5 s.
 */
export const victoriaLogs: Row[] = [
  {
    scenario: "sink-restart",
    text: "A restart of VictoriaLogs loses no line: Promtail's WAL buffers.",
    source:
      "guarantees table of Option 1, restart of Loki, with VictoriaLogs in its place; documented test 1 expects the exact count",
    bounds: exactCount,
    measured: { "direct-victorialogs": holds },
  },
  {
    scenario: "sink-crash",
    text: "A crash of VictoriaLogs loses no line.",
    source: "guarantees table of Option 1, crash of Loki, with VictoriaLogs in its place",
    bounds: noLoss,
    measured: {
      "direct-victorialogs": broken(
        "VictoriaLogs has no write-ahead log: lines that it acknowledged within about the last 5 s are only in memory",
      ),
    },
  },
  {
    scenario: "sink-outage/below-horizon",
    text: "An outage of VictoriaLogs shorter than Promtail's retries loses no line.",
    source:
      "claimed buffer of about 1 hour, as far as the configured retries last, with VictoriaLogs in place of Loki",
    bounds: noLoss,
    measured: { "direct-victorialogs": holds },
  },
  {
    scenario: "sink-outage/above-horizon",
    text: "An outage of VictoriaLogs of up to 1 to 2 hours loses no line.",
    source:
      "claimed buffer of about 1 hour, maximal downtime 1 to 2 hours, with VictoriaLogs in place of Loki",
    bounds: noLoss,
    measured: {
      "direct-victorialogs": tenRetries,
    },
  },
];
