import type { RunDocument } from "../../judge/run-document.ts";
import type { Timeline } from "../../judge/timeline-document.ts";
import { grouped } from "../describe.ts";
import { sinkNameOf } from "../words/names.ts";
import type { Chart } from "./chart.ts";
import { marks, readoutOf, type SampleSeries, sampleTable } from "./lines-chart.ts";
import { html } from "./markup.ts";
import { Plot, type Point, stepped } from "./plot.ts";
import { type ProgressSample, progressSamples } from "./progress-samples.ts";
import type { RunTime } from "./run-time.ts";

/** Where lines are on their way, by what the parts count of themselves; undefined where none is known to count. */
export function inFlightChart(document: RunDocument, timeline: Timeline, time: RunTime): Chart | undefined {
  const samples = progressSamples(timeline, time);
  const series = seriesOf(document, timeline).filter(({ of }) =>
    samples.some((sample) => of(sample) !== undefined),
  );
  const peaks = series.map((one) => ({ ...one, most: peakOf(samples, one) }));
  if (peaks.every(({ most }) => most.value === 0)) return undefined;
  const drawn = peaks.filter(({ most }) => most.value > 0);
  const max = Math.max(1, ...peaks.map(({ most }) => most.value));
  const lastKnown = samples.findLast((sample) => series.some(({ of }) => of(sample) !== undefined))!;
  const known =
    lastKnown === samples.at(-1)
      ? ""
      : ` Not known after ${time.label(lastKnown.at)}: a fault ended the part that counts, and what it counted last went with it.`;
  const torn = document.torn.length === 0 ? "" : " Beginnings of lines that crashes left are counted, too.";
  return {
    id: "in-flight",
    title: "Where lines were on their way",
    summary: `Most lines at once: ${peaks
      .map(
        ({ name, most }) =>
          `${grouped(most.value)} ${name}${most.value === 0 ? "" : ` (at ${time.label(most.at)})`}`,
      )
      .join("; ")}. The parts are asked about twice a second.${known}${torn}`,
    rows: drawn.map((one, index) => {
      const plot = new Plot({
        time,
        heightPx: 64,
        max,
        format: grouped,
        title: one.name,
        isLabelled: index === 0,
      });
      const points = stepped(samples.map((sample): Point => [sample.at, one.of(sample)]));
      return plot.row(html`<g>${plot.area(points, "flight")}${plot.line(points, "flight")}</g>`);
    }),
    legend: html`<p>${drawn.length > 1 && html`<span>All on one scale.</span>`} ${marks(time)}</p>`,
    table: sampleTable("Lines on their way over time", samples, series, time),
    readout: readoutOf(samples, series, time),
  };
}

/** In the order in which a line passes. What the parts count holds the sentinels; a count may be half a second old. */
function seriesOf({ kafka, plan }: RunDocument, { sentinels }: Timeline): SampleSeries[] {
  const lines = (count: number) => Math.max(0, count - sentinels);
  const atLeastNone = (count: number) => Math.max(0, count);
  const hasKafka = kafka !== null;
  return [
    {
      name: "written, not read by the shipper",
      of: ({ written, shipper }) => shipper && atLeastNone(written - lines(shipper.read)),
    },
    {
      name: "read by the shipper, not acknowledged to it",
      of: ({ shipper }) => shipper && atLeastNone(shipper.read - shipper.sent - shipper.dropped),
    },
    {
      name: hasKafka
        ? "acknowledged, in Kafka or the consumer"
        : `acknowledged by ${sinkNameOf(plan)}, not readable`,
      of: ({ shipper, readable }) => shipper && atLeastNone(lines(shipper.sent) - readable),
    },
    { name: "given up by the shipper", of: ({ shipper }) => shipper?.dropped },
  ];
}

function peakOf(samples: ProgressSample[], { of }: SampleSeries): { at: number; value: number } {
  const known = samples.flatMap((sample) => {
    const value = of(sample);
    return value === undefined ? [] : { at: sample.at, value };
  });
  return known.reduce((most, next) => (next.value > most.value ? next : most));
}
