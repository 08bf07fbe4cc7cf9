import { scaleLinear } from "d3-scale";
import type { VNode } from "preact";
import type { Timeline } from "../../judge/timeline-document.ts";
import { grouped } from "../describe.ts";
import { type Chart, key, type Readout } from "./chart.ts";
import { table } from "./components.ts";
import { html } from "./markup.ts";
import { Plot, type Point, stepped } from "./plot.ts";
import { type ProgressSample, progressSamples } from "./progress-samples.ts";
import type { RunTime } from "./run-time.ts";

const maxTableRows = 60;

/** A quantity of each sample; undefined where it is not known. */
export interface SampleSeries {
  name: string;
  of: (sample: ProgressSample) => number | undefined;
}

/** Lines written and lines readable, over time; undefined where nobody has watched them. */
export function linesChart(timeline: Timeline, time: RunTime): Chart | undefined {
  const samples = progressSamples(timeline, time);
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const written = cumulated(timeline);
  const backlog = backlogOf(written, samples);
  const behind = backlog.reduce((most, next) =>
    next.written - next.readable > most.written - most.readable ? next : most,
  );
  const plot = new Plot({ time, heightPx: 220, max: last.written, format: grouped, isLabelled: true });
  const series = [
    { name: "written", of: ({ written }: ProgressSample) => written },
    { name: "readable", of: ({ readable }: ProgressSample) => readable },
  ];
  return {
    id: "lines",
    title: "Lines written and readable",
    summary:
      `${grouped(last.written)} lines were written, ${grouped(last.readable)} of them were seen to become readable while the run went on. ` +
      `The two were furthest apart at ${time.label(behind.at)}, by ${grouped(behind.written - behind.readable)} lines.`,
    rows: [
      plot.row(html`<g>
        ${plot.area(
          backlog.map(({ at, written }): Point => [at, written]),
          "backlog",
          (index) => backlog[index]!.readable,
        )}
        ${plot.line([...written, [time.endMs, last.written]], "written")}
        ${plot.line(stepped(samples.map(({ at, readable }): Point => [at, readable])), "readable")}
      </g>`),
    ],
    legend: html`<p>
      ${key("line written", "written")} ${key("line readable", "readable")} ${key("area backlog", "written, not yet readable")}
      ${marks(time)}
    </p>`,
    table: sampleTable("Lines written and readable over time", samples, series, time),
    readout: readoutOf(samples, series, time),
  };
}

/** What charts have in common: faults and recovery. */
export function marks(time: RunTime): (VNode | undefined)[] {
  return [
    time.faults.length > 0 ? key("fault-ground", "a fault in force") : undefined,
    time.recoveredAtMs === null
      ? undefined
      : key("line recovered", "recovered: the last line written under a fault that came back could be read"),
  ];
}

/** Some of the samples as a table, spread evenly; the latest is among them. */
export function sampleTable(
  caption: string,
  samples: ProgressSample[],
  series: SampleSeries[],
  time: RunTime,
): VNode {
  const step = Math.ceil(samples.length / maxTableRows);
  const shown = samples.filter((_, index) => (samples.length - 1 - index) % step === 0);
  const rows = shown.map((sample) => [
    time.label(sample.at),
    ...series.map(({ of }) => {
      const value = of(sample);
      return value === undefined ? "–" : grouped(value);
    }),
  ]);
  const note =
    step === 1
      ? ""
      : `, every ${step}${step === 2 ? "nd" : step === 3 ? "rd" : "th"} sample; all are in timeline.json`;
  const columns = [{ title: "time" }, ...series.map(({ name }) => ({ title: name, isNumeric: true }))];
  return table(`${caption}${note}`, columns, rows, { isCaptionShown: step > 1 });
}

/** What the script tells of samples. */
export function readoutOf(samples: ProgressSample[], series: SampleSeries[], time: RunTime): Readout {
  return {
    at: samples.map(({ at }) => Math.round(at - time.originMs)),
    series: series.map(({ name, of }) => ({
      name,
      unit: "",
      values: samples.map((sample) => of(sample) ?? null),
    })),
  };
}

/** Lines written by when, to the ends of the buckets: finer than the samples where those lie far apart. */
function cumulated({ buckets, bucketMs }: Timeline): [ms: number, lines: number][] {
  const points: [number, number][] = [[buckets[0]!.at, 0]];
  for (const { at, written } of buckets) points.push([at + bucketMs, points.at(-1)![1] + written]);
  return points;
}

interface Backlog {
  at: number;
  written: number;
  readable: number;
}

/** What was written at each moment, and what was last seen to be readable: just before a look tells more of it, and after. */
function backlogOf(written: [ms: number, lines: number][], samples: ProgressSample[]): Backlog[] {
  const scale = scaleLinear(
    written.map(([ms]) => ms),
    written.map(([, lines]) => lines),
  ).clamp(true);
  const looks = samples.flatMap(({ at, readable }, index) => [
    { at, readable: samples[index - 1]?.readable ?? readable },
    { at, readable },
  ]);
  const between = written.map(([at]) => ({
    at,
    readable: samples.findLast((sample) => sample.at <= at)?.readable ?? 0,
  }));
  return [...looks, ...between]
    .sort((one, other) => one.at - other.at || one.readable - other.readable)
    .map(({ at, readable }) => ({ at, readable, written: Math.max(readable, Math.round(scale(at))) }));
}
