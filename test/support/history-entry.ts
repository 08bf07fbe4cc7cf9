import type { HistoryEntry } from "../../src/store/history-entry.ts";

/** A line of a history with some fields of one's own. */
export function historyEntry(changes: Partial<HistoryEntry>): HistoryEntry {
  const claim = changes.claim ?? "direct/sink-restart";
  const [pipeline = "", ...scenario] = claim.split("/");
  return {
    schema: "everyline/history@1",
    night: null,
    runId: "20260101t000000-sink-restart-1a2b",
    at: "2026-01-01T00:00:00.000Z",
    claim,
    pipeline,
    scenario: scenario.join("/"),
    layout: "single",
    verdict: "holds",
    reason: null,
    counts: {
      written: 1_000,
      delivered: 1_000,
      lost: 0,
      duplicated: 0,
      reordered: 0,
      corrupted: 0,
      truncated: 0,
      merged: 0,
      unexpected: 0,
      late: 0,
    },
    lostAt: {},
    duplicatedInKafka: null,
    recoveryPoint: null,
    recoverySeconds: 2,
    overheadSeconds: 10,
    totalSeconds: 20,
    latencyMs: { p50: 900, p99: 2_000, max: 3_000 },
    images: ["loki 3.6.4", "promtail 3.6.4"],
    machine: "2 CPUs, 24 GiB, Docker 28.2.2",
    ...changes,
  };
}
