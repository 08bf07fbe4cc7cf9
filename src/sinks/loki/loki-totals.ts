import { sumOf } from "../../base/metrics.ts";
import type { Stack } from "../../places/compose/stack.ts";
import { findMetrics } from "../../places/instance-metrics.ts";

const walRecoveredEntries = "loki_ingester_wal_recovered_entries_total";
const walCorruptions = "loki_ingester_wal_corruptions_total";

/** What Loki's writers say of the write-ahead logs they read when they last started. */
interface Replay {
  recoveredEntries: number;
  corruptions: number;
}

/** What Loki's writers count of themselves. */
export interface LokiTotals {
  /** Lines they took in; undefined where one was started anew and has forgotten, or none is known. */
  received: number | undefined;
  /** Lines they refused since they last started, by their reason. */
  discarded: Record<string, number>;
  /** Undefined where one does not answer. */
  replay: Replay | undefined;
}

/**
 * Adds up what the writers of a stack's Loki count.
 *
 * @param upAtMs a writer that was started later than this was started anew; Unix milliseconds
 */
export async function lokiTotals(stack: Stack, upAtMs: number): Promise<LokiTotals> {
  const totals: LokiTotals = {
    received: stack.pipeline.loki.writers.length > 0 ? 0 : undefined,
    discarded: {},
    replay: { recoveredEntries: 0, corruptions: 0 },
  };
  for (const instance of stack.instancesOf(stack.pipeline.loki.writers)) {
    const metrics = await findMetrics(stack.placed.instance(instance));
    if (metrics === undefined) {
      totals.received = undefined;
      totals.replay = undefined;
      continue;
    }
    const hasForgotten = (await stack.state(instance)).startedAtMs > upAtMs;
    const lines = sumOf(metrics, "loki_distributor_lines_received_total");
    totals.received = hasForgotten || totals.received === undefined ? undefined : totals.received + lines;
    totals.replay = totals.replay && {
      recoveredEntries: totals.replay.recoveredEntries + sumOf(metrics, walRecoveredEntries),
      corruptions: totals.replay.corruptions + sumOf(metrics, walCorruptions),
    };
    for (const { name, labels, value } of metrics) {
      if (name !== "loki_discarded_samples_total" || value === 0) continue;
      const { reason = "unknown" } = labels;
      totals.discarded[reason] = (totals.discarded[reason] ?? 0) + value;
    }
  }
  return totals;
}
