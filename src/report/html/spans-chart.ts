import type { VNode } from "preact";
import { capitalized } from "../../base/capitalized.ts";
import type { SpansTrack } from "../../judge/track.ts";
import { countOf, describeMs, grouped } from "../describe.ts";
import { type Chart, key } from "./chart.ts";
import { cut, table } from "./components.ts";
import { marks } from "./lines-chart.ts";
import { html } from "./markup.ts";
import { Plot } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

const maxSpansDrawn = 80;
const laneHeightPx = 14;
const maxTableRows = 40;
const maxLabelLength = 60;
/** How spans with different labels are told apart; those beyond share the last style. */
const styles = ["span-1", "span-2", "span-3"];

/** The spans of a track that lie in the time of the run. */
interface Lane {
  name: string;
  spans: SpansTrack["spans"];
  omitted: number;
}

/**
 * Spans of one group: a lane for each track, with its longest spans drawn and all of them counted.
 *
 * @returns undefined where none lies in the time of the run
 */
export function spansChart(
  { id, title }: Pick<Chart, "id" | "title">,
  tracks: SpansTrack[],
  time: RunTime,
  maxLanes: number,
): Chart | undefined {
  const lanes = tracks
    .map((track) => laneOf(track, time))
    .filter(({ spans }) => spans.length > 0)
    .slice(0, maxLanes);
  if (lanes.length === 0) return undefined;
  const labels = [...new Set(lanes.flatMap(({ spans }) => spans.map(({ label }) => label)))];
  const styleOf = (label: string) => styles[Math.min(labels.indexOf(label), styles.length - 1)]!;
  return {
    id,
    title,
    summary: lanes.map((lane) => summaryOf(lane, time)).join(" "),
    rows: lanes.map(({ name, spans }, index) => {
      const isLabelled = index === 0;
      const plot = new Plot({ time, heightPx: laneHeightPx, max: 1, title: name, isLabelled });
      const drawnSpans = spans
        .toSorted((one, other) => lengthOf(other) - lengthOf(one))
        .slice(0, maxSpansDrawn);
      const bars = Map.groupBy(drawnSpans, ({ label }) => styleOf(label));
      const drawn = [...bars].map(([style, some]) =>
        plot.bars(
          some.map(({ fromMs, toMs }) => ({ fromMs, toMs, value: 1 })),
          `span ${style}`,
        ),
      );
      return plot.row(html`<g>${drawn}</g>`);
    }),
    legend: html`<p>
      ${labels.slice(0, styles.length).map((label) => key(`bars span ${styleOf(label)}`, cut(label, maxLabelLength)))}
      ${labels.length > styles.length && html`<span>and others, which share the last style</span>`} ${marks(time)}
    </p>`,
    table: spanTable(title, lanes, time),
    readout: undefined,
  };
}

function laneOf({ instance, title, spans, omitted }: SpansTrack, time: RunTime): Lane {
  const shown = spans.filter(({ fromMs, toMs }) => toMs >= time.startMs && fromMs <= time.endMs);
  const cutOff = shown.map((span) => ({ ...span, fromMs: Math.max(span.fromMs, time.startMs) }));
  return {
    name: cut(instance === undefined ? title : `${instance}, ${title}`, maxLabelLength),
    spans: cutOff,
    omitted,
  };
}

function summaryOf({ name, spans, omitted }: Lane, time: RunTime): string {
  const longest = spans.reduce((most, next) => (lengthOf(next) > lengthOf(most) ? next : most));
  const inAllMs = spans.reduce((sum, span) => sum + lengthOf(span), 0);
  const rest = omitted === 0 ? "" : ` ${grouped(omitted)} later ones are not drawn.`;
  return (
    `${capitalized(name)}: ${countOf(spans.length, "time")}, ${describeMs(inAllMs)} in all; the longest began at ` +
    `${time.label(longest.fromMs)} and took ${describeMs(lengthOf(longest))} (${cut(longest.label, maxLabelLength)}).${rest}`
  );
}

function lengthOf({ fromMs, toMs }: Lane["spans"][number]): number {
  return toMs - fromMs;
}

function spanTable(title: string, lanes: Lane[], time: RunTime): VNode {
  const rows = lanes.flatMap(({ name, spans }) =>
    spans.map(({ fromMs, toMs, label }) => [
      time.label(fromMs),
      time.label(toMs),
      describeMs(toMs - fromMs),
      name,
      cut(label, maxLabelLength),
    ]),
  );
  const titles = ["from", "to", "took"];
  const caption =
    rows.length > maxTableRows ? `${title}, the first ${maxTableRows} of ${rows.length}` : title;
  return table(
    caption,
    [...titles.map((title) => ({ title, isNumeric: true })), { title: "what" }, { title: "state" }],
    rows.slice(0, maxTableRows),
    { isCaptionShown: rows.length > maxTableRows },
  );
}
