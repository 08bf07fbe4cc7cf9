import { describe, expect, it } from "vitest";
import { fullTimeline, runWith } from "../../../test/support/reported-run.ts";
import type { Timeline } from "../../judge/timeline-document.ts";
import type { SeriesTrack, SpansTrack } from "../../judge/track.ts";
import { render } from "./markup.ts";
import { RunTime } from "./run-time.ts";
import { trackCharts } from "./track-charts.ts";

const startMs = fullTimeline(() => "app-1", "store").buckets[0]!.at;

function series(changes: Partial<SeriesTrack>): SeriesTrack {
  return {
    kind: "series",
    id: "any",
    title: "memory",
    group: "Memory used",
    unit: "B",
    isTotal: false,
    at: [0, 1_000, 2_000].map((ms) => startMs + ms),
    values: [1_000_000, 3_000_000, 2_000_000],
    ...changes,
  };
}

function spans(changes: Partial<SpansTrack>): SpansTrack {
  return {
    kind: "spans",
    id: "alerts",
    title: "firing",
    group: "Alerts",
    spans: [
      { fromMs: startMs + 1_000, toMs: startMs + 1_500, label: "StoreDown" },
      { fromMs: startMs + 3_000, toMs: startMs + 7_000, label: "Lag" },
    ],
    omitted: 0,
    ...changes,
  };
}

function chartsOf(...tracks: Timeline["tracks"]) {
  const timeline = { ...fullTimeline(() => "app-1", "store"), tracks };
  const time = new RunTime(runWith({}), timeline);
  return trackCharts(timeline, time).charts.map((chart) => ({
    ...chart,
    shown: chart.rows.map(render).join(""),
    table: render(chart.table),
  }));
}

describe("trackCharts", () => {
  it("draws tracks of observers it knows nothing of, one chart a group and unit", () => {
    const charts = chartsOf(
      series({ id: "a/store", instance: "store" }),
      series({ id: "b", title: "lag", group: "Consumer", unit: "records" }),
      series({ id: "a/promtail", instance: "promtail", values: [5_000_000, 4_000_000, 4_500_000] }),
      series({
        id: "c",
        title: "pushes",
        group: "Consumer",
        unit: "requests",
        values: [0, 2, 7],
        isTotal: true,
      }),
      spans({}),
    );
    expect(charts.map(({ title }) => title)).toEqual([
      "Memory used",
      "Consumer, in records",
      "Consumer, in requests",
      "Alerts",
    ]);
    const [memory, lag] = charts;
    expect(memory!.summary).toBe("Highest: promtail 5.0 MB (at 0.00 s); store 3.0 MB (at 1.00 s).");
    expect(memory!.shown).toMatch(/>store<.*>promtail</);
    expect(memory!.readout!.series.map(({ name, unit }) => name + unit)).toEqual(["store B", "promtail B"]);
    expect(memory!.table).toContain("2.0 MB");
    expect(lag!.summary).toBe("Highest: lag 3,000,000 records (at 1.00 s).");
  });

  it("shows how often and how long something lasted", () => {
    const [alerts] = chartsOf(spans({ omitted: 12 }));
    expect(alerts!.summary).toBe(
      "Firing: 2 times, 4.5 s in all; the longest began at 3.00 s and took 4.0 s (Lag). 12 later ones are not drawn.",
    );
    expect(alerts!.table).toContain("StoreDown");
  });

  it("leaves out what would show nothing: zeros, a single value, what lies outside of the run", () => {
    const long = startMs - 60_000;
    expect(
      chartsOf(
        series({ values: [0, 0, 0] }),
        series({ group: "One", values: [null, 7, null] }),
        series({ group: "Before", at: [long, long + 1, long + 2] }),
        spans({ spans: [{ fromMs: long, toMs: long + 5, label: "before" }] }),
        spans({ group: "None", spans: [] }),
      ),
    ).toEqual([]);
  });

  it("breaks a curve where a value is not known, and keeps the highest of what it puts together", () => {
    const many = Array.from({ length: 500 }, (_, index) => index);
    const [chart] = chartsOf(
      series({
        at: many.map((index) => startMs + index * 100),
        values: many.map((index) => (index === 333 ? 9_000_000 : index > 100 && index < 200 ? null : 1_000)),
      }),
    );
    expect(chart!.summary).toContain("9.0 MB (at 33.3 s)");
    const { values } = chart!.readout!.series[0]!;
    expect(values.length).toBeLessThanOrEqual(240 + 1);
    expect(Math.max(...values.map((value) => value ?? 0))).toBe(9_000_000);
    expect(values).toContain(null);
    expect(
      chart!.shown
        .match(/ d="[^"]*"/g)!
        .at(-1)!
        .match(/M/g)!.length,
    ).toBe(2);
  });

  it("names what there is no room for, and gives charts of many instances the room that others do not need", () => {
    const timeline = fullTimeline(() => "app-1", "store");
    const many = ["a", "b", "c"].flatMap((group) =>
      Array.from({ length: 11 }, (_, index) => series({ group, instance: `part-${index}` })),
    );
    const single = Array.from({ length: 7 }, (_, index) =>
      series({ group: `single-${index}`, title: "lag" }),
    );
    const drawn = (tracks: Timeline["tracks"]) => {
      const { charts, omitted } = trackCharts({ ...timeline, tracks }, new RunTime(runWith({}), timeline));
      return { plots: charts.map(({ rows }) => rows.length), omitted };
    };
    expect(drawn([...many, ...single.slice(0, 5)])).toEqual({ plots: [8, 8, 8, 1, 1, 1, 1, 1], omitted: [] });
    expect(drawn([...single, ...many])).toEqual({ plots: [1, 1, 1, 1, 1, 1, 1, 8], omitted: ["b", "c"] });
  });

  it("draws the instances with the highest values where there are many, and has the others in the table", () => {
    const tracks = Array.from({ length: 11 }, (_, index) =>
      series({ id: `${index}`, instance: `part-${index}`, values: [1, 2, 1_000 * (11 - index)] }),
    );
    const [chart] = chartsOf(...tracks);
    expect(chart!.summary).toContain("The 8 instances with the highest values of 11 are drawn.");
    expect(chart!.rows).toHaveLength(8);
    expect(chart!.shown).not.toContain("part-10");
    expect(chart!.table).toContain("part-10");
  });
});
