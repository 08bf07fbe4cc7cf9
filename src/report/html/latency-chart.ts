import type { Timeline, TimelineBucket } from "../../judge/timeline-document.ts";
import { describeMs, grouped } from "../describe.ts";
import { type Chart, key } from "./chart.ts";
import { table } from "./components.ts";
import { marks } from "./lines-chart.ts";
import { html } from "./markup.ts";
import { Plot, type Point } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

const msPerSecond = 1_000;
/** From this latency on the scale is in seconds. */
const longMs = 2_000;

/** How long lines took until they were readable, by the time at which they were written; undefined if none was readable. */
export function latencyChart({ buckets, bucketMs }: Timeline, time: RunTime): Chart | undefined {
  const arrived = buckets.filter((bucket) => bucket.latencyMs !== null);
  if (arrived.length === 0) return undefined;
  const slowest = arrived.reduce((most, next) => (next.latencyMs!.max > most.latencyMs!.max ? next : most));
  const max = slowest.latencyMs!.max;
  const inSeconds = max >= longMs;
  const unit = inSeconds ? msPerSecond : 1;
  const plot = new Plot({
    time,
    heightPx: 180,
    max: max / unit,
    format: (value) => `${grouped(value)} ${inSeconds ? "s" : "ms"}`,
    isLabelled: true,
  });
  const points = (kind: "p50" | "max") => pointsOf(buckets, bucketMs, kind, unit);
  const silent = buckets.filter(({ written, arrived }) => written > 0 && arrived === 0).length;
  const gaps =
    silent === 0
      ? ""
      : ` No line was seen to arrive of those written in ${silent} of ${buckets.length} stretches: the curve is broken there.`;
  const lowerBound = points("p50");
  return {
    id: "latency",
    title: "Until a line could be read",
    summary:
      `By the time of writing, in stretches of ${describeMs(bucketMs)}: the median was at most ` +
      `${describeMs(Math.max(...arrived.map(({ latencyMs }) => latencyMs!.p50)))}, and the slowest line, written at ` +
      `${time.label(slowest.at)}, took ${describeMs(max)}.${gaps}`,
    rows: [
      plot.row(html`<g>
        ${plot.area(points("max"), "spread", (index) => lowerBound[index]![1] ?? 0)}
        ${plot.line(points("max"), "slowest")} ${plot.line(lowerBound, "median")}
      </g>`),
    ],
    legend: html`<p>${key("line median", "median")} ${key("line slowest", "slowest line")} ${marks(time)}</p>`,
    table: latencyTable(buckets, time),
    readout: {
      at: buckets.map(({ at }) => Math.round(at - time.originMs)),
      series: [
        {
          name: "median",
          unit: " ms",
          values: buckets.map(({ latencyMs }) => latencyMs && Math.round(latencyMs.p50)),
        },
        {
          name: "slowest",
          unit: " ms",
          values: buckets.map(({ latencyMs }) => latencyMs && Math.round(latencyMs.max)),
        },
      ],
    },
  };
}

/** Each bucket is drawn from its beginning to its end, so that a single one is visible. */
function pointsOf(buckets: TimelineBucket[], bucketMs: number, kind: "p50" | "max", unit: number): Point[] {
  return buckets.flatMap(({ at, latencyMs }): Point[] => {
    const value = latencyMs === null ? undefined : latencyMs[kind] / unit;
    return [
      [at, value],
      [at + bucketMs, value],
    ];
  });
}

function latencyTable(buckets: TimelineBucket[], time: RunTime) {
  const rows = buckets.map(({ at, written, arrived, latencyMs }) => [
    time.label(at),
    grouped(written),
    grouped(arrived),
    latencyMs === null ? "–" : grouped(Math.round(latencyMs.p50)),
    latencyMs === null ? "–" : grouped(Math.round(latencyMs.max)),
  ]);
  const titles = ["lines written", "seen to arrive", "median, ms", "slowest, ms"];
  return table(
    "Visible latency by the time of writing",
    [{ title: "written from" }, ...titles.map((title) => ({ title, isNumeric: true }))],
    rows,
  );
}
