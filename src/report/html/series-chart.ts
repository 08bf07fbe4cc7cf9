import type { VNode } from "preact";
import type { SeriesTrack } from "../../judge/track.ts";
import { countOf } from "../describe.ts";
import { amount, tick } from "./amount.ts";
import { type Chart, key, type Readout } from "./chart.ts";
import { cut, table } from "./components.ts";
import { type Curve, curveOf, curveStyles } from "./curve.ts";
import { marks } from "./lines-chart.ts";
import { html } from "./markup.ts";
import { Plot, stepped } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

const maxTableRows = 24;
const maxNameLength = 40;
const maxNamed = 4;
const rowHeightPx = 46;

/** Curves that share a plot: those of one instance. */
interface Row {
  name: string;
  curves: Curve[];
}

/**
 * Series of one group and unit: a low plot for each instance, all on one scale. Where there are too many, those with the highest values are
 * drawn.
 *
 * @param limits how many plots there may be, and how many points a curve may have
 * @returns undefined where every value is 0, or none is known
 */
export function seriesChart(
  { id, title }: Pick<Chart, "id" | "title">,
  tracks: SeriesTrack[],
  time: RunTime,
  limits: { plots: number; points: number },
): Chart | undefined {
  const unit = tracks[0]!.unit;
  const curves = tracks
    .map((track) => curveOf(track, time, limits.points))
    .filter((curve) => curve !== undefined);
  const seen = curves.filter(({ highest }) => highest.value > 0);
  if (seen.length === 0) return undefined;
  const rows = rowsOf(seen, limits.plots);
  const titles = [...new Set(seen.map(({ track }) => track.title))].slice(0, curveStyles.length);
  const max = Math.max(...seen.map(({ highest }) => highest.value));
  const style = (curve: Curve) => curveStyles.at(titles.indexOf(curve.track.title))!;
  const drawn = rows.map(({ name, curves }, index) => {
    const plot = new Plot({
      time,
      heightPx: rowHeightPx,
      max,
      format: (value) => tick(value, unit),
      title: name,
      isLabelled: index === 0,
      hasFractions: !Number.isInteger(max) || max < 1,
    });
    return plot.row(
      html`<g>${curves.map((curve) => drawCurve(plot, curve, style(curve), curves.length === 1))}</g>`,
    );
  });
  const isShared = titles.length > 1;
  return {
    id,
    title,
    summary: summaryOf(seen, rows, time),
    rows: drawn,
    legend: html`<p>
      ${isShared && titles.map((name, index) => key(`line ${curveStyles[index]}`, cut(name, maxNameLength)))}
      ${rows.length > 1 && html`<span>All on one scale.</span>`} ${marks(time)}
    </p>`,
    table: curveTable(title, curves, time),
    readout: readoutOf(
      rows.flatMap(({ curves }) => curves),
      isShared,
      time,
      limits.points,
    ),
  };
}

function drawCurve(plot: Plot, { points, track }: Curve, style: string, hasGround: boolean): VNode {
  const shape = track.isTotal ? stepped(points) : points;
  return html`<g>${hasGround && !track.isTotal && plot.area(shape, style)}${plot.line(shape, style)}</g>`;
}

/** In the order of the tracks, which is that in which a line passes the parts. */
function rowsOf(curves: Curve[], most: number): Row[] {
  const rows = [...Map.groupBy(curves, rowName)].map(([name, curves]) => ({ name, curves }));
  const highestOf = ({ curves }: Row) => Math.max(...curves.map(({ highest }) => highest.value));
  const shown = new Set(rows.toSorted((one, other) => highestOf(other) - highestOf(one)).slice(0, most));
  return rows.filter((row) => shown.has(row));
}

function rowName({ track }: Pick<Curve, "track">): string {
  return cut(track.instance ?? track.title, maxNameLength);
}

function nameOf({ track }: Curve, isShared: boolean): string {
  return track.instance === undefined || !isShared
    ? rowName({ track })
    : `${rowName({ track })} ${cut(track.title, maxNameLength)}`;
}

function summaryOf(curves: Curve[], rows: Row[], time: RunTime): string {
  const isShared = new Set(curves.map(({ track }) => track.title)).size > 1;
  const sorted = curves.toSorted((one, other) => other.highest.value - one.highest.value);
  const named = sorted.slice(0, maxNamed).map((curve) => {
    const { value, at } = curve.highest;
    return `${nameOf(curve, isShared)} ${amount(value, curve.track.unit)} (at ${time.label(at)})`;
  });
  const more = sorted.length - named.length;
  const all = new Set(curves.map(rowName)).size;
  return [
    `Highest: ${named.join("; ")}${more > 0 ? `; and ${more} more in the table` : ""}.`,
    ...(all > rows.length
      ? [`The ${countOf(rows.length, "instance")} with the highest values of ${all} are drawn.`]
      : []),
  ].join(" ");
}

function curveTable(title: string, curves: Curve[], time: RunTime): VNode {
  const rows = curves.map(({ track, lowest, mean, highest, last }) => [
    rowName({ track }),
    cut(track.title, maxNameLength),
    amount(lowest.value, track.unit),
    track.isTotal ? "–" : amount(mean, track.unit),
    amount(highest.value, track.unit),
    time.label(highest.at),
    amount(last.value, track.unit),
  ]);
  const titles = ["lowest", "mean", "highest", "highest at", "last"];
  return table(
    `${title}, over the whole run${rows.length > maxTableRows ? `: ${maxTableRows} of ${rows.length}` : ""}`,
    [{ title: "of" }, { title: "what" }, ...titles.map((title) => ({ title, isNumeric: true }))],
    rows.slice(0, maxTableRows),
    { isCaptionShown: rows.length > maxTableRows },
  );
}

/** At moments at which one of the curves has a value, the last one among them; each value holds until the next. */
function readoutOf(curves: Curve[], isShared: boolean, time: RunTime, most: number): Readout {
  const all = [...new Set(curves.flatMap(({ points }) => points.map(([ms]) => ms)))].sort((a, b) => a - b);
  const step = Math.ceil(all.length / most);
  const moments = all.filter((_, index) => (all.length - 1 - index) % step === 0);
  return {
    at: moments.map((ms) => Math.round(ms - time.originMs)),
    series: curves.map((curve) => ({
      name: nameOf(curve, isShared),
      unit: ` ${curve.track.unit}`,
      values: moments.map((ms) => curve.points.findLast(([at]) => at <= ms)?.[1] ?? null),
    })),
  };
}
