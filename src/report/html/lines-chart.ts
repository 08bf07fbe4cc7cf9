import type { VNode } from "preact";
import { grouped } from "../describe.ts";
import type { Timeline, TimelineSample } from "../timeline-document.ts";
import { type Chart, key, type Readout } from "./chart.ts";
import { table } from "./components.ts";
import { html } from "./markup.ts";
import { Plot, type Point } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

const maxTableRows = 60;

/** A quantity of each sample; undefined where it is not known. */
export interface SampleSeries {
  name: string;
  of: (sample: TimelineSample) => number | undefined;
}

/** Lines written and lines readable, over time. */
export function linesChart(timeline: Timeline, time: RunTime): Chart {
  const samples = samplesWithin(timeline, time);
  const last = samples.at(-1)!;
  const behind = samples.reduce((most, sample) => (backlogOf(sample) > backlogOf(most) ? sample : most));
  const plot = new Plot({ time, heightPx: 220, max: last.written, format: grouped, isLabelled: true });
  const points = (of: (sample: TimelineSample) => number) =>
    samples.map((sample): Point => [sample.at, of(sample)]);
  const series = [
    { name: "written", of: ({ written }: TimelineSample) => written },
    { name: "readable", of: ({ readable }: TimelineSample) => readable },
  ];
  return {
    id: "lines",
    title: "Lines written and readable",
    summary:
      `${grouped(last.written)} lines were written, ${grouped(last.readable)} of them were seen to become readable while the run went on. ` +
      `The two were furthest apart at ${time.label(behind.at)}, by ${grouped(backlogOf(behind))} lines.`,
    rows: [
      plot.row(html`<g>
        ${plot.area(
          points(({ written }) => written),
          "backlog",
          (index) => samples[index]!.readable,
        )}
        ${plot.line(
          points(({ written }) => written),
          "written",
        )}
        ${plot.line(
          points(({ readable }) => readable),
          "readable",
        )}
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

/** The samples that the charts show: from the last one before the load on. */
export function samplesWithin({ samples }: Timeline, time: RunTime): TimelineSample[] {
  const first = samples.findIndex(({ at }) => at >= time.startMs);
  const shown = samples.slice(Math.max(0, first - 1));
  const [before] = shown;
  return before === undefined || before.at >= time.startMs
    ? shown
    : [{ ...before, at: time.startMs }, ...shown.slice(1)];
}

/** Some of the samples as a table, spread evenly; the latest is among them. */
export function sampleTable(
  caption: string,
  samples: TimelineSample[],
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
export function readoutOf(samples: TimelineSample[], series: SampleSeries[], time: RunTime): Readout {
  return {
    at: samples.map(({ at }) => Math.round(at - time.originMs)),
    series: series.map(({ name, of }) => ({
      name,
      unit: "",
      values: samples.map((sample) => of(sample) ?? null),
    })),
  };
}

function backlogOf({ written, readable }: TimelineSample): number {
  return written - readable;
}
