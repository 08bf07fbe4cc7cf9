import type { Timeline } from "../../judge/timeline-document.ts";
import type { SeriesTrack, SpansTrack, Track } from "../../judge/track.ts";
import type { Chart } from "./chart.ts";
import { cut } from "./components.ts";
import { progressIds } from "./progress-samples.ts";
import type { RunTime } from "./run-time.ts";
import { seriesChart } from "./series-chart.ts";
import { spansChart } from "./spans-chart.ts";

const maxCharts = 8;
/** How many plots and points all of these charts have together at the most, for the page to stay small. */
const maxPlotsInAll = 32;
const maxPointsInAll = 5_000;
const maxTitleLength = 80;
const mostPlots = 8;
const mostPoints = 240;

/** The charts of tracks, and the names of those for which the page has no room. */
export interface TrackCharts {
  charts: Chart[];
  omitted: string[];
}

/**
 * A chart for each group and unit of the tracks that no other chart draws, whoever recorded them. Charts in which there would be nothing to
 * see are left out.
 */
export function trackCharts({ tracks }: Timeline, time: RunTime): TrackCharts {
  const others = tracks.filter(({ id }) => !(progressIds as readonly string[]).includes(id));
  const groups = [...Map.groupBy(others, keyOf).values()];
  const shown = groups.slice(0, maxCharts);
  const points = Math.min(mostPoints, Math.floor(maxPointsInAll / Math.max(1, others.length)));
  const plots = shared(shown.map(plotsOf), maxPlotsInAll);
  const charts = shown.flatMap((group, index) => {
    const limits = { plots: plots[index]!, points };
    const described = { id: `track-${index + 1}`, title: titleOf(group, others) };
    const series = group.filter((track): track is SeriesTrack => track.kind === "series");
    const spans = group.filter((track): track is SpansTrack => track.kind === "spans");
    const chart =
      series.length > 0
        ? seriesChart(described, series, time, limits)
        : spansChart(described, spans, time, limits.plots);
    return chart === undefined ? [] : [chart];
  });
  return { charts, omitted: groups.slice(maxCharts).map((group) => titleOf(group, others)) };
}

/** How many plots a group is to have: one for each instance, or for each track that is about none. */
function plotsOf(group: Track[]): number {
  return Math.min(mostPlots, new Set(group.map(({ instance, title }) => instance ?? title)).size);
}

/** Shares out what there is: those that want little get it, and the others the same each. */
function shared(wanted: number[], total: number): number[] {
  const shares = wanted.map(() => 0);
  let [left, takers] = [total, wanted.length];
  for (const [index, want] of [...wanted.entries()].sort(([, one], [, other]) => one - other)) {
    shares[index] = Math.min(want, Math.floor(left / takers));
    left -= shares[index]!;
    takers--;
  }
  return shares;
}

/** Names the unit where the group has others as well. */
function titleOf([track]: Track[], all: Track[]): string {
  const { group } = track!;
  const keys = new Set(all.filter((other) => other.group === group).map(keyOf));
  const title = keys.size > 1 && track!.kind === "series" ? `${group}, in ${track!.unit}` : group;
  return cut(title, maxTitleLength);
}

function keyOf(track: Track): string {
  return JSON.stringify([track.group, track.kind === "series" ? track.unit : null]);
}
