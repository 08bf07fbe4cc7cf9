import type { SampledSeries } from "./prometheus/prometheus-answers.ts";

/** A count of the parts that rises when lines are lost. */
interface LossCount {
  basis: "shipper-dropped" | "sink-refused" | "kafka-deleted" | "dead-lettered";
  metric: string;
  /** What a part that has this count shows from its start; the count itself may be born with the first loss. */
  shownBy: string;
}

/** What the parts count of losses, as Prometheus reads it from them. Kafka's oldest offset rises when records are deleted. */
export const lossCounts: readonly LossCount[] = [
  { basis: "shipper-dropped", metric: "promtail_dropped_entries_total", shownBy: "promtail_build_info" },
  { basis: "sink-refused", metric: "loki_discarded_samples_total", shownBy: "loki_build_info" },
  {
    basis: "kafka-deleted",
    metric: "kafka_topic_partition_oldest_offset",
    shownBy: "kafka_topic_partition_oldest_offset",
  },
  {
    basis: "dead-lettered",
    metric: "loki_kafka_consumer_dead_letters_total",
    shownBy: "loki_kafka_consumer_dead_letters_total",
  },
];

/** When a count first rose: after `notBeforeMs`, and at the latest at `seenAtMs`. Unix milliseconds. */
interface Rise {
  notBeforeMs: number;
  seenAtMs: number;
}

/**
 * The first rise of a count, over all its series. A counter may be born with a value above 0, which is a rise as well: then it rose after the
 * last time at which its target was read without it. A value below the last one is that of a new process, which counts from 0.
 *
 * @param series of the count
 * @param up the series of `up`, which have a sample for each reading of a target: 1 if it answered
 * @param fromMs rises before this moment do not count; and what a count is then is its beginning, unless it is born later
 */
export function firstRise(
  series: readonly SampledSeries[],
  up: readonly SampledSeries[],
  fromMs: number,
): Rise | undefined {
  const rises = series.flatMap((one) => riseOf(one, readingsOf(one, up), fromMs) ?? []);
  return rises.toSorted((one, other) => one.notBeforeMs - other.notBeforeMs)[0];
}

function riseOf({ samples }: SampledSeries, readings: readonly number[], fromMs: number): Rise | undefined {
  let before = 0;
  for (const { atMs, value } of samples) {
    const isRise = value > before || (value < before && value > 0);
    before = value;
    if (!isRise || atMs < fromMs) continue;
    const lastMs = readings.findLast((readMs) => readMs < atMs) ?? Number.NEGATIVE_INFINITY;
    return { notBeforeMs: Math.max(fromMs, lastMs), seenAtMs: atMs };
  }
  return undefined;
}

/** When the target of a series answered. */
function readingsOf({ labels }: SampledSeries, up: readonly SampledSeries[]): number[] {
  const ofTarget = up.filter(
    (target) => target.labels.job === labels.job && target.labels.instance === labels.instance,
  );
  return ofTarget
    .flatMap(({ samples }) => samples.filter(({ value }) => value === 1).map(({ atMs }) => atMs))
    .sort((a, b) => a - b);
}

/** How many targets have shown a metric since before a moment, in Unix milliseconds. */
export function targetsShowing(series: readonly SampledSeries[], beforeMs: number): number {
  const targets = series
    .filter(({ samples: [first] }) => first !== undefined && first.atMs <= beforeMs)
    .map(({ labels: { job, instance } }) => JSON.stringify([job, instance]));
  return new Set(targets).size;
}
