import { sumOf } from "../../base/metrics.ts";
import { findMetrics } from "../../places/instance-metrics.ts";
import type { Stack } from "../../places/place.ts";
import type { SinkTotals } from "../sink.ts";

/**
 * Adds up the counters of a stack's VictoriaLogs. Its count of received lines includes dropped lines, which are subtracted. Lines above 2
 * MiB are dropped without being counted.
 *
 * @param upAtMs an instance that was started after this time was restarted; Unix milliseconds
 */
export async function victoriaLogsTotals(stack: Stack, upAtMs: number): Promise<SinkTotals> {
  const { ingesters } = stack.pipeline.sink;
  let received: number | undefined = ingesters.length > 0 ? 0 : undefined;
  const discarded: Record<string, number> = {};
  for (const instance of stack.instances(ingesters)) {
    const metrics = await findMetrics(instance);
    if (metrics === undefined) {
      received = undefined;
      continue;
    }
    const hasForgotten = (await instance.state()).startedAtMs > upAtMs;
    const dropped = sumOf(metrics, "vl_rows_dropped_total");
    const taken = sumOf(metrics, "vl_rows_ingested_total") - dropped;
    received = hasForgotten || received === undefined ? undefined : received + taken;
    for (const { name, labels, value } of metrics) {
      if (name !== "vl_rows_dropped_total" || value === 0) continue;
      const { reason = "unknown" } = labels;
      discarded[reason] = (discarded[reason] ?? 0) + value;
    }
  }
  // VictoriaLogs has no write-ahead log.
  return { received, discarded, replay: undefined };
}
