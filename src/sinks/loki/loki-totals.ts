import { sumOf } from "../../base/metrics.ts";
import { findMetrics } from "../../places/instance-metrics.ts";
import type { Stack } from "../../places/place.ts";
import { lokiIngester } from "../../products/loki-ingester.ts";
import type { SinkTotals } from "../sink.ts";

const { walRecoveredEntries, walCorruptions } = lokiIngester.counters;

/**
 * Adds up the counters of the ingesters of a stack's Loki.
 *
 * @param upAtMs an ingester that was started after this time was restarted; Unix milliseconds
 */
export async function lokiTotals(stack: Stack, upAtMs: number): Promise<SinkTotals> {
  const totals: SinkTotals = {
    received: stack.pipeline.sink.ingesters.length > 0 ? 0 : undefined,
    discarded: {},
    replay: { recoveredEntries: 0, corruptions: 0, metrics: [walRecoveredEntries, walCorruptions] },
  };
  for (const instance of stack.instances(stack.pipeline.sink.ingesters)) {
    const metrics = await findMetrics(instance);
    if (metrics === undefined) {
      totals.received = undefined;
      totals.replay = undefined;
      continue;
    }
    const hasForgotten = (await instance.state()).startedAtMs > upAtMs;
    const lines = sumOf(metrics, "loki_distributor_lines_received_total");
    totals.received = hasForgotten || totals.received === undefined ? undefined : totals.received + lines;
    totals.replay = totals.replay && {
      ...totals.replay,
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
