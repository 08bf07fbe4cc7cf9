import type { VNode } from "preact";
import type { RunDocument } from "../../judge/run-document.ts";
import type { TimedRange, Timeline } from "../../judge/timeline-document.ts";
import { grouped } from "../describe.ts";
import { type Column, cut, details, table } from "./components.ts";
import { lossWord } from "./losses-chart.ts";
import { html } from "./markup.ts";
import type { RunTime } from "./run-time.ts";

const maxListed = 100;
const maxReasonLength = 200;

interface Listed {
  title: string;
  columns: Column[];
  rows: string[][];
  omitted: number;
  where: string;
}

/** The first lost and duplicated ranges, as lists that can be opened. */
export function rangeLists(
  document: RunDocument,
  timeline: Timeline | undefined,
  time: RunTime | undefined,
): VNode {
  const lists = [
    lostList(document, timeline, time),
    ...(timeline && time ? [duplicatedList(timeline, time)] : []),
  ];
  return html`<div>
    ${lists
      .filter(({ rows }) => rows.length > 0)
      .map(({ title, columns, rows, omitted, where }) =>
        details(
          title,
          html`<div>
            ${table(title, columns, rows)}
            ${omitted > 0 && html`<p>${grouped(omitted)} more ranges are not listed here; ${where}.</p>`}
          </div>`,
        ),
      )}
  </div>`;
}

function lostList(document: RunDocument, timeline: Timeline | undefined, time: RunTime | undefined): Listed {
  const word = lossWord(document);
  const timed = timeline?.lost.ranges;
  const shown = (timed ?? document.lost).slice(0, maxListed);
  const columns = [...rangeColumns, { title: timed ? "written" : "" }, { title: "last seen at" }];
  const rows = shown.map((range) => [
    ...rangeCells(range),
    isTimed(range) && time ? written(range, time) : "",
    `${range.hop}${range.reason === undefined ? "" : `: ${cut(range.reason, maxReasonLength)}`}`,
  ]);
  const order = (timed?.length ?? 0) < document.lost.length ? ", the longest" : "";
  const title = `Ranges ${word}: ${grouped(shown.length)} of ${grouped(document.lost.length)}${order}`;
  return { title, columns, rows, omitted: document.lost.length - shown.length, where: "all are in run.json" };
}

function duplicatedList({ duplicated }: Timeline, time: RunTime): Listed {
  const shown = duplicated.ranges.slice(0, maxListed);
  const all = duplicated.ranges.length + duplicated.omittedRanges;
  return {
    title: `Ranges that came back more than once: ${grouped(shown.length)} of ${grouped(all)}`,
    columns: [...rangeColumns, { title: "written" }],
    rows: shown.map((range) => [...rangeCells(range), written(range, time)]),
    omitted: all - shown.length,
    where: "each copy is in the observed-… files",
  };
}

const rangeColumns: Column[] = [
  { title: "source" },
  { title: "lines", isNumeric: true },
  { title: "how many", isNumeric: true },
];

function rangeCells({ source, from, to }: { source: string; from: number; to: number }): string[] {
  return [source, from === to ? `${from}` : `${from}–${to}`, grouped(to - from + 1)];
}

function written({ fromMs, toMs }: TimedRange, time: RunTime): string {
  return `${time.label(fromMs)} to ${time.label(toMs)}`;
}

function isTimed(
  range: RunDocument["lost"][number] | Timeline["lost"]["ranges"][number],
): range is Timeline["lost"]["ranges"][number] {
  return "fromMs" in range;
}
