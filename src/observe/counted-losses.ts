import type { LossSignal } from "../judge/recorded-alerts.ts";
import { firstRise, lossCounts, targetsShowing } from "../products/loss-signals.ts";
import { PrometheusApi } from "../products/prometheus/prometheus-api.ts";

/** From when on losses count, when the observed Prometheus was started, and how far its clock is ahead. */
export interface CountedSince {
  fromMs: number;
  startedAtMs: number;
  clockOffsetMs: number;
  /** Undefined if Prometheus is known to read every part. */
  leastTargets?: LeastTargets | undefined;
}

/** For each count how many targets have to show it. Otherwise a part may have counted earlier, unseen. A count that is not listed is not used. */
export type LeastTargets = Partial<Record<LossSignal["basis"], number>>;

/**
 * When the parts first counted a loss, by the samples of a Prometheus that has read their counts.
 *
 * @throws Error if it does not answer
 */
export async function countedLosses(
  url: string,
  { fromMs, startedAtMs, clockOffsetMs, leastTargets }: CountedSince,
  signal: AbortSignal,
): Promise<LossSignal[]> {
  const api = new PrometheusApi(url);
  const nowMs = Date.now();
  const rangeSeconds = Math.ceil((nowMs - startedAtMs) / 1_000) + 1;
  const samplesOf = async (metric: string) => {
    const series = await api.samples(`${metric}[${rangeSeconds}s]`, nowMs + clockOffsetMs, signal);
    return series.map(({ labels, samples }) => ({
      labels,
      samples: samples.map(({ atMs, value }) => ({ atMs: atMs - clockOffsetMs, value })),
    }));
  };
  const up = await samplesOf("up");
  const signals: LossSignal[] = [];
  for (const { basis, metric, shownBy } of lossCounts) {
    const least = leastTargets === undefined ? 0 : (leastTargets[basis] ?? Number.POSITIVE_INFINITY);
    if (least > 0 && targetsShowing(await samplesOf(shownBy), fromMs) < least) continue;
    const rise = firstRise(await samplesOf(metric), up, fromMs);
    if (rise !== undefined) signals.push({ basis, ...rise });
  }
  return signals;
}
