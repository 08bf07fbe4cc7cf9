import type { SeriesTrack } from "../../judge/track.ts";
import type { Point } from "./plot.ts";
import { within } from "./progress-samples.ts";
import type { RunTime } from "./run-time.ts";

/** How curves that share a plot are told apart, also without colours. */
export const curveStyles = ["curve-1", "curve-2", "curve-3", "curve-4"];

interface Extreme {
  value: number;
  at: number;
}

/** A series as it is drawn, and its figures over the time of the run. */
export interface Curve {
  track: SeriesTrack;
  points: Point[];
  lowest: Extreme;
  highest: Extreme;
  last: Extreme;
  mean: number;
}

/**
 * A series within the time of a run; undefined where fewer than two of its values are known.
 *
 * @param most how many points there may be; of several that become one, the highest stays
 */
export function curveOf(track: SeriesTrack, time: RunTime, most: number): Curve | undefined {
  const samples = track.at.map((at, index) => ({ at, value: track.values[index]! }));
  const shown = within(samples, time);
  const known = shown.filter((sample): sample is Extreme => sample.value !== null);
  if (known.length < 2) return undefined;
  const mean = known.reduce((sum, { value }) => sum + value, 0) / known.length;
  return {
    track,
    points: thinned(shown, most).map(({ at, value }): Point => [at, value ?? undefined]),
    lowest: known.reduce((least, next) => (next.value < least.value ? next : least)),
    highest: known.reduce((most, next) => (next.value > most.value ? next : most)),
    last: known.at(-1)!,
    mean,
  };
}

function thinned<Sample extends { value: number | null }>(samples: Sample[], most: number): Sample[] {
  const size = Math.ceil(samples.length / most);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, index) =>
    samples
      .slice(index * size, (index + 1) * size)
      .reduce((highest, next) => ((next.value ?? -1) > (highest.value ?? -1) ? next : highest)),
  );
}
