import type { VNode } from "preact";
import { html, type Markup } from "./markup.ts";
import { timeRow } from "./plot.ts";
import type { RunTime } from "./run-time.ts";

/** The data from which a page's script shows the values of a chart at a moment. */
export interface Readout {
  /** Milliseconds after the first write, ascending; each value is valid from its moment on. */
  at: number[];
  series: { name: string; unit: string; values: (number | null)[] }[];
}

/** A chart of a run. */
export interface Chart {
  id: string;
  title: string;
  /** What it shows, in one or two sentences with figures; also its text alternative. */
  summary: string;
  rows: VNode[];
  /** What the marks in it mean. */
  legend: Markup;
  /** The figures behind it. */
  table: VNode;
  readout: Readout | undefined;
}

/** A chart with its text alternative and its figures. */
export function figure({ id, title, summary, rows, legend, table }: Chart, time: RunTime): VNode {
  return html`<figure id="chart-${id}">
    <figcaption>
      <h3>${title}</h3>
      <p>${summary}</p>
    </figcaption>
    <div class="canvas" data-chart=${id} data-title=${title}>
      <div role="img" aria-label="${title}. ${summary}">${rows} ${timeRow(time)}</div>
    </div>
    <div class="legend">${legend}</div>
    <details>
      <summary>Figures of this chart as a table</summary>
      ${table}
    </details>
  </figure>`;
}

/** One entry of a legend: how something is drawn, and what it is. */
export function key(className: string, text: string): VNode {
  return html`<span class="key">
    <svg width="26" height="12" aria-hidden="true">
      ${
        className.startsWith("line")
          ? html`<line class=${className} x1="1" x2="25" y1="6" y2="6" />`
          : html`<rect class=${className} x="1" y="1" width="24" height="10" fill=${className === "fault-ground" ? "url(#hatch)" : undefined} />`
      }
    </svg>
    ${text}
  </span>`;
}
