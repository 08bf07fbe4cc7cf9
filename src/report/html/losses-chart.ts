import type { VNode } from "preact";
import { isLossCertain } from "../../judge/loss-certainty.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import type { TimedRange, Timeline } from "../../judge/timeline-document.ts";
import { grouped } from "../describe.ts";
import { type Chart, key } from "./chart.ts";
import { table } from "./components.ts";
import { marks } from "./lines-chart.ts";
import { html } from "./markup.ts";
import { Plot, type Point, windows } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

const maxLanes = 24;
const maxBars = 60;
const lanePx = 14;
const maxNameLength = 9;

/** What a run calls lines that did not come back: where it is not known that they are lost, they were only not seen. */
export function lossWord(document: RunDocument): string {
  return isLossCertain(document) ? "lost" : "not seen";
}

/** Lines that did not come back and surplus copies, where they were written; undefined if there are none to draw. */
export function lossesChart(document: RunDocument, timeline: Timeline, time: RunTime): Chart | undefined {
  const { buckets, bucketMs } = timeline;
  const totals = { lost: totalOf(buckets, "lost"), duplicated: totalOf(buckets, "duplicated") };
  if (totals.lost + totals.duplicated === 0) return undefined;
  const word = lossWord(document);
  const stretches = merged(timeline);
  const bars = (kind: "written" | "lost" | "duplicated") =>
    stretches.map(({ fromMs, toMs, [kind]: value }) => ({ fromMs, toMs, value }));
  const most = Math.max(...stretches.map(({ written, duplicated }) => Math.max(written, duplicated)));
  const plot = new Plot({ time, heightPx: 130, max: most, format: grouped, isLabelled: true });
  const copies = new Plot({ time, heightPx: 50, max: most, format: grouped, title: "surplus copies" });
  const affected = buckets.filter((bucket) => bucket.lost > 0);
  const when =
    affected.length === 0
      ? ""
      : `, written between ${time.label(affected[0]!.at)} and ${time.label(affected.at(-1)!.at + bucketMs)}`;
  return {
    id: "losses",
    title: `${titleOf(totals, word)}, by when they were written`,
    summary:
      `${grouped(totals.lost)} of ${grouped(totalOf(buckets, "written"))} lines were ${word}${when}; ` +
      `${grouped(totals.duplicated)} surplus copies came back. ${describeRanges(timeline, word)}`,
    rows: [
      plot.row(
        html`<g>${plot.line(stepsOf(bars("written")), "ground")}${plot.bars(bars("lost"), word === "lost" ? "lost" : "unseen")}</g>`,
      ),
      ...(totals.duplicated === 0 ? [] : [copies.row(copies.bars(bars("duplicated"), "copies"))]),
      lanes(timeline, time, word),
    ],
    legend: html`<p>
      ${key("line ground", "lines written")} ${totals.lost > 0 && key(word === "lost" ? "bars lost" : "bars unseen", word)}
      ${totals.duplicated > 0 && key("bars copies", "surplus copies")} ${marks(time)}
    </p>`,
    table: bucketTable(timeline, time, word),
    readout: {
      at: buckets.map(({ at }) => Math.round(at - time.originMs)),
      series: (["written", "lost", "duplicated"] as const).map((kind) => ({
        name: kind === "lost" ? word : kind,
        unit: "",
        values: buckets.map((bucket) => bucket[kind]),
      })),
    },
  };
}

function titleOf(totals: { lost: number; duplicated: number }, word: string): string {
  if (totals.duplicated === 0) return `Lines ${word}`;
  return totals.lost === 0 ? "Lines that came back more than once" : `Lines ${word}, and surplus copies`;
}

function describeRanges({ lost, duplicated }: Timeline, word: string): string {
  const kinds = [
    { ...lost, name: word },
    { ...duplicated, name: "that came back more than once" },
  ].filter(({ ranges }) => ranges.length > 0);
  const drawn = kinds.map(
    ({ ranges, name }) => `${grouped(ranges.length)} ${ranges.length === 1 ? "range" : "ranges"} ${name}`,
  );
  const omitted = lost.omittedRanges + duplicated.omittedRanges;
  const rest = omitted === 0 ? "" : `, the longest; ${grouped(omitted)} others are in the bars only`;
  return `By source, ${drawn.join(" and ")} ${kinds.length === 1 && drawn[0]!.startsWith("1 ") ? "is" : "are"} drawn${rest}.`;
}

/** A lane a source, with its ranges in it: above the middle what is lost, below what came back more than once. */
function lanes({ lost, duplicated }: Timeline, time: RunTime, word: string): VNode {
  const names = [...new Set([...lost.ranges, ...duplicated.ranges].map(({ source }) => source))].sort(
    byNumber,
  );
  const shown = names.slice(0, maxLanes);
  const height = shown.length * lanePx + 8;
  const laneOf = (source: string) => shown.indexOf(source);
  const drawn = (ranges: TimedRange[], kind: string, dy: number) =>
    ranges
      .filter(({ source }) => laneOf(source) !== -1)
      .map(({ source, fromMs, toMs }) => {
        const [from, to] = [time.percent(fromMs), time.percent(toMs)];
        const y = laneOf(source) * lanePx + 6 + dy;
        return html`<rect class="range ${kind}" data-range=${kind} x="${from.toFixed(3)}%" width="${Math.max(0.05, to - from).toFixed(3)}%" y=${y} height="5" />`;
      });
  return html`<div class="row">
    <svg class="scale" aria-hidden="true" height=${height}>
      ${shown.map((source, lane) => html`<text x="100%" dx="-8" y=${lane * lanePx + 15} text-anchor="end">${short(source)}</text>`)}
    </svg>
    <svg class="plot" aria-hidden="true" height=${height}>
      ${shown.map((_, lane) => html`<line class="grid" x1="0" x2="100%" y1=${lane * lanePx + 11.5} y2=${lane * lanePx + 11.5} />`)}
      ${windows(0, height)} ${drawn(lost.ranges, word === "lost" ? "lost" : "unseen", 0)} ${drawn(duplicated.ranges, "copies", 6)}
    </svg>
  </div>`;
}

function bucketTable({ buckets }: Timeline, time: RunTime, word: string): VNode {
  const affected = buckets.filter(({ lost, duplicated }) => lost + duplicated > 0);
  return table(
    `Stretches of writing in which lines were ${word} or came back more than once`,
    ["written from", "lines written", word, "surplus copies"].map((title, index) => ({
      title,
      isNumeric: index > 0,
    })),
    affected.map(({ at, written, lost, duplicated }) => [
      time.label(at),
      grouped(written),
      grouped(lost),
      grouped(duplicated),
    ]),
  );
}

function stepsOf(bars: { fromMs: number; toMs: number; value: number }[]): Point[] {
  return bars.flatMap(({ fromMs, toMs, value }): Point[] => [
    [fromMs, value],
    [toMs, value],
  ]);
}

/** Buckets put together, so that each holds several lines and can be told from its neighbours. */
function merged({ buckets, bucketMs }: Timeline) {
  const size = Math.ceil(buckets.length / maxBars);
  return Array.from({ length: Math.ceil(buckets.length / size) }, (_, index) => {
    const some = buckets.slice(index * size, (index + 1) * size);
    return {
      fromMs: some[0]!.at,
      toMs: some.at(-1)!.at + bucketMs,
      written: totalOf(some, "written"),
      lost: totalOf(some, "lost"),
      duplicated: totalOf(some, "duplicated"),
    };
  });
}

function totalOf(buckets: Timeline["buckets"], kind: "written" | "lost" | "duplicated"): number {
  return buckets.reduce((sum, bucket) => sum + bucket[kind], 0);
}

function byNumber(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

function short(name: string): string {
  return name.length <= maxNameLength ? name : `…${name.slice(1 - maxNameLength)}`;
}
