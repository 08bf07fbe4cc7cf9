import type { VNode } from "preact";
import type { Timeline } from "../../judge/timeline-document.ts";
import { figure } from "./chart.ts";
import { cut, section } from "./components.ts";
import { html } from "./markup.ts";
import type { RunTime } from "./run-time.ts";
import type { TrackCharts } from "./track-charts.ts";

const maxFailureLength = 300;
const maxOmittedLength = 1_000;

/** What observers recorded beside the lines, and what became of those that failed; null where there is nothing to show. */
export function observed(
  { observers }: Timeline,
  { charts, omitted }: TrackCharts,
  time: RunTime,
): VNode | null {
  const failed = observers.filter(({ failure }) => failure !== null);
  if (charts.length + failed.length === 0) return null;
  return section(
    "observed",
    "What else was observed",
    html`<div>
      <p class="note">
        The verdict rests on the lines that were read back, not on these charts: they show what else went on meanwhile, which may explain it.
      </p>
      ${failed.map(
        ({ observer, failure }) =>
          html`<p class="note">The observer of ${observer} has gaps, since something failed: ${cut(failure!, maxFailureLength)}</p>`,
      )}
      ${charts.map((chart) => figure(chart, time))}
      ${omitted.length > 0 && html`<p class="note">${cut(`Not drawn, but in timeline.json: ${omitted.join("; ")}.`, maxOmittedLength)}</p>`}
    </div>`,
  );
}
