import { scaleLinear, scaleLog } from "d3-scale";
import type { VNode } from "preact";
import { describeDuration } from "../base/duration.ts";
import { describeSeconds, grouped } from "../report/describe.ts";
import { html, render } from "../report/html/markup.ts";
import type { SweepDocument, SweptRun } from "./sweep-document.ts";
import { rangeOf } from "./sweep-words.ts";

/** The file that holds the chart of a sweep. */
export const chartFile = "sweep.svg";

const width = 720;
const height = 260;
const left = 70;
const right = 20;
const top = 34;
const bottom = 46;
const yTicks = 4;
const mostXTicks = 7;
const pointsOfFit = 41;
/** In black, white and with any eyes: filled is loss, hollow is none, and a cross is unknown. */
const style =
  "text{font:12px sans-serif;fill:#444}.title{font-weight:bold}.grid{stroke:#ddd}.base{stroke:#888}.held{fill:#fff;stroke:#1a6a2f;stroke-width:2}" +
  ".lost{fill:#b3261e;stroke:#b3261e}.unknown{stroke:#666;stroke-width:2}.claim{stroke:#444;stroke-dasharray:4 3}.fit{stroke:#1f5fa8}";

interface Point {
  x: number;
  y: number;
  mark: SweptRun["outcome"];
}

/** A sweep as a picture: the share of lines lost over the length of the outage, or the time to recover over the backlog. */
export function renderSweepChart(sweep: SweepDocument): string {
  const points = pointsOf(sweep);
  const domain = domainOf(sweep);
  const along = scaleLog(domain, [left, width - right]);
  const highest = Math.max(0, ...points.map((point) => point.y), fitAt(sweep, domain[1]) ?? 0);
  const up = scaleLinear([0, highest || 1], [height - bottom, top]).nice(yTicks);
  const x = (value: number) => rounded(along(value));
  const y = (value: number) => rounded(up(value));
  const what = sweep.of === "outage" ? "share of lines lost" : "seconds until everything was readable";
  const format = sweep.of === "outage" ? describeDuration : (lines: number) => grouped(Math.round(lines));
  const label = (value: number) =>
    sweep.of === "outage" ? `${(100 * value).toFixed(0)} %` : describeSeconds(value);
  const svg = html`<svg xmlns="http://www.w3.org/2000/svg" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img">
    <title>${rangeOf(sweep)}: ${what}</title>
    <style>${style}</style>
    <rect width=${width} height=${height} fill="#fff" />
    <text class="title" x=${left} y="18">${what}, by ${sweep.of === "outage" ? "length of the outage" : "lines of backlog"} (logarithmic)</text>
    ${up.ticks(yTicks).map(
      (
        tick,
      ) => html`<g><line class=${tick === 0 ? "base" : "grid"} x1=${left} x2=${width - right} y1=${y(tick)} y2=${y(tick)} />
        <text x=${left - 8} y=${y(tick) + 4} text-anchor="end">${label(tick)}</text></g>`,
    )}
    ${xTicksOf(sweep).map(
      (tick) =>
        html`<text x=${x(tick)} y=${height - bottom + 20} text-anchor="middle">${format(tick)}</text>`,
    )}
    ${claimLine(sweep, x)} ${fitLine(sweep, x, y)}
    ${points.map((point) => markOf(point.mark, x(point.x), y(point.y)))}
    <text x=${left} y=${height - 8}>filled: loss; hollow: no loss; cross: unknown</text>
  </svg>`;
  return `${render(svg)}\n`;
}

function pointsOf(sweep: SweepDocument): Point[] {
  const steps = sweep.of === "outage" ? [...sweep.steps, ...sweep.straddle] : sweep.steps;
  return steps.flatMap(({ nominal, runs }) =>
    runs.flatMap(({ lost, written, outcome: mark, backlog }) => {
      if (sweep.of === "outage") return { x: nominal, y: written === 0 ? 0 : lost / written, mark };
      const seconds = backlog?.recoverySeconds ?? null;
      return backlog === null || seconds === null ? [] : { x: Math.max(1, backlog.lines), y: seconds, mark };
    }),
  );
}

function domainOf(sweep: SweepDocument): [number, number] {
  if (sweep.of === "outage") return [sweep.wanted.shortestSeconds, sweep.wanted.longestSeconds];
  const backlogs = pointsOf(sweep).map((point) => point.x);
  return [Math.min(sweep.wanted.fewestLines, ...backlogs), Math.max(sweep.wanted.mostLines, ...backlogs)];
}

/** Lengths or sizes that were wanted; not all of them where they would lie on each other. */
function xTicksOf(sweep: SweepDocument): number[] {
  if (sweep.of === "lines") return sweep.steps.map(({ nominal }) => nominal);
  const { shortestSeconds, longestSeconds } = sweep.wanted;
  const ratio = longestSeconds / shortestSeconds;
  const ticks = Array.from({ length: mostXTicks }, (_, index) =>
    Math.round(shortestSeconds * ratio ** (index / (mostXTicks - 1))),
  );
  return [...new Set(ticks)];
}

function claimLine({ of, claim }: SweepDocument, x: (value: number) => number): VNode | null {
  if (of !== "outage" || claim === null) return null;
  const at = x(claim.seconds);
  if (at < left || at > width - right) return null;
  return html`<g><line class="claim" x1=${at} x2=${at} y1=${top} y2=${height - bottom} /><text x=${at + 4} y=${top + 10}>claimed</text></g>`;
}

/** The straight line of a sweep of backlogs, which is bent where the scale is logarithmic. */
function fitLine(
  sweep: SweepDocument,
  x: (value: number) => number,
  y: (value: number) => number,
): VNode | null {
  if (sweep.of !== "lines" || sweep.fit === null) return null;
  const [from, to] = domainOf(sweep);
  const path = Array.from({ length: pointsOfFit }, (_, index) => {
    const lines = from * (to / from) ** (index / (pointsOfFit - 1));
    return `${x(lines)},${y(Math.max(0, fitAt(sweep, lines)!))}`;
  });
  return html`<polyline class="fit" fill="none" points=${path.join(" ")} />`;
}

function fitAt(sweep: SweepDocument, lines: number): number | null {
  if (sweep.of !== "lines" || sweep.fit === null) return null;
  return sweep.fit.startSeconds + (sweep.fit.secondsPerThousand * lines) / 1_000;
}

function markOf(mark: SweptRun["outcome"], x: number, y: number): VNode {
  if (mark !== "unknown") return html`<circle class=${mark} cx=${x} cy=${y} r="5" />`;
  return html`<path class="unknown" d="M${x - 4},${y - 4}l8,8m0,-8l-8,8" />`;
}

function rounded(pixels: number): number {
  return Math.round(10 * pixels) / 10;
}
