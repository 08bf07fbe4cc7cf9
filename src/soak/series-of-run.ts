import type { Timeline } from "../judge/timeline-document.ts";
import { type SeriesTrack, seriesOf } from "../judge/track.ts";
import type { Series } from "./drift.ts";
import type { Quantity } from "./soak-document.ts";

const msPerHour = 3_600_000;
const ofInstances: [quantity: Quantity, track: string][] = [
  // Cached files come and go as the kernel likes, and grow with what is stored.
  ["memory", "own-memory"],
  ["descriptors", "descriptors"],
  ["disk", "stored"],
];

/** The time that is measured, in Unix milliseconds. */
export interface Measured {
  fromMs: number;
  toMs: number;
}

/** What is measured of a run: from the end of the warm-up to the last write. What comes then, such as reading everything back, is no load. */
export function measuredOf({ buckets, bucketMs }: Timeline, warmUpSeconds: number): Measured {
  const fromMs = (buckets[0]?.at ?? 0) + warmUpSeconds * 1_000;
  const toMs = (buckets.at(-1)?.at ?? 0) + bucketMs;
  return { fromMs, toMs: Math.max(fromMs, toMs) };
}

/**
 * Every series that is looked at for drift: memory, descriptors and disk of each instance, and lag and latency of the pipeline. One that was
 * not measured has no samples.
 *
 * @param linesPerSecond by which lines that are written and not yet readable become seconds
 */
export function seriesOfRun(
  { tracks, buckets, bucketMs }: Timeline,
  instances: readonly string[],
  measured: Measured,
  linesPerSecond: number,
): Series[] {
  const within = (points: (readonly [ms: number, value: number | null])[]) =>
    points
      .filter(([ms, value]) => value !== null && ms >= measured.fromMs && ms <= measured.toMs)
      .map(([ms, value]) => ({ at: (ms - measured.fromMs) / msPerHour, value: value! }));
  const each = instances.flatMap((instance) =>
    ofInstances.map(([quantity, track]) => {
      const series = seriesOf(tracks, `resources.${track}/${instance}`);
      return { quantity, instance, samples: within(pointsOf(series)) };
    }),
  );
  const latencies = buckets.map(
    ({ at, latencyMs }) => [at + bucketMs / 2, latencyMs && latencyMs.p50 / 1_000] as const,
  );
  const behind = pointsBehind(seriesOf(tracks, "lines.written"), seriesOf(tracks, "lines.readable"));
  const lags = behind.map(([ms, lines]) => [ms, lines && lines / linesPerSecond] as const);
  return [
    ...each,
    { quantity: "lag", instance: null, samples: within(lags) },
    { quantity: "latency", instance: null, samples: within(latencies) },
  ];
}

function pointsOf(series: SeriesTrack | undefined): (readonly [number, number | null])[] {
  return (series?.at ?? []).map((ms, index) => [ms, series!.values[index]!] as const);
}

/** Both series are of the same moments. */
function pointsBehind(
  written: SeriesTrack | undefined,
  readable: SeriesTrack | undefined,
): (readonly [number, number | null])[] {
  return pointsOf(written).map(([ms, lines], index) => {
    const seen = readable?.values[index];
    return [ms, lines === null || seen == null ? null : lines - seen] as const;
  });
}
