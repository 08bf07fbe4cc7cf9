import { scaleLinear } from "d3-scale";
import { area, line } from "d3-shape";
import type { VNode } from "preact";
import { html, type Markup } from "./markup.ts";
import type { FaultWindow, RunTime } from "./run-time.ts";

/** Drawings are so many units wide, whatever the page's width is; they are stretched, texts beside them are not. */
const drawingWidth = 1_000;
const unitsPerPercent = drawingWidth / 100;
const yTicks = 3;
/** Lower plots have fewer. */
const lowPx = 80;
const labelRowPx = 15;
/** What a label takes of a wide plot and a number of a narrow one, in percent. */
const labelPercent = 2;
const percentPerCharacter = 0.85;
const maxLabelRows = 3;
/** The most windows of faults that are drawn. */
const maxFaults = 40;

/** A point of a curve; the curve is broken where its value is not known. */
export type Point = [ms: number, value: number | undefined];

/** A curve each of whose values holds until the next is known: what lies between two looks was not seen. */
export function stepped(points: Point[]): Point[] {
  return points.flatMap(([ms, value], index): Point[] => {
    const before = points[index - 1]?.[1];
    return index === 0 || before === value
      ? [[ms, value]]
      : [
          [ms, before],
          [ms, value],
        ];
  });
}

/** What a plot shows, and how high it is. */
export interface PlotOptions {
  time: RunTime;
  heightPx: number;
  /** The highest value; the scale begins at 0. */
  max: number;
  /** A value of the scale as text; without one the plot has no scale. */
  format?: (value: number) => string;
  title?: string;
  /** Whether faults and recovery are labelled, above the plot. */
  isLabelled?: boolean;
  /** Whether the scale may have fractions. */
  hasFractions?: boolean;
}

/** One plot over the time of a run: a scale on the left, faults shaded, and whatever is drawn on it. */
export class Plot {
  readonly #options: PlotOptions;
  readonly #labels: PlacedLabel[];
  readonly #topPx: number;
  readonly #y: (value: number) => number;
  readonly #ticks: number[];

  constructor(options: PlotOptions) {
    this.#options = options;
    this.#labels = options.isLabelled ? placeLabels(options.time) : [];
    const rows = Math.max(0, ...this.#labels.map(({ row }) => row + 1));
    this.#topPx = (options.isLabelled ? rows * labelRowPx + 6 : 6) + (options.title === undefined ? 0 : 16);
    const ticks = options.heightPx < lowPx ? yTicks - 1 : yTicks;
    const scale = scaleLinear()
      .domain([0, Math.max(options.max, 1e-9)])
      .nice(ticks)
      .range([this.#topPx + options.heightPx, this.#topPx]);
    this.#y = scale;
    this.#ticks = scale.ticks(ticks).filter((tick) => options.hasFractions || Number.isInteger(tick));
  }

  /** Where a value lies, in pixels from the top. */
  y(value: number): number {
    return Math.round(this.#y(value) * 10) / 10;
  }

  /** Where a time lies in the drawing. */
  x(ms: number): number {
    return Math.round(this.#options.time.percent(ms) * unitsPerPercent * 10) / 10;
  }

  line(points: Point[], className: string): VNode {
    const path = line<Point>()
      .defined(([, value]) => value !== undefined)
      .x(([ms]) => this.x(ms))
      .y(([, value]) => this.y(value!))
      .digits(1);
    return html`<path class="line ${className}" d=${path(points)} vector-effect="non-scaling-stroke" />`;
  }

  /** What lies between two curves; the lower one is 0 if absent. */
  area(points: Point[], className: string, lower: (index: number) => number = () => 0): VNode {
    const path = area<Point>()
      .defined(([, value]) => value !== undefined)
      .x(([ms]) => this.x(ms))
      .y1(([, value]) => this.y(value!))
      .y0((_, index) => this.y(lower(index)))
      .digits(1);
    return html`<path class="area ${className}" d=${path(points)} />`;
  }

  /** Bars that stand on the scale's 0, in one path. */
  bars(bars: { fromMs: number; toMs: number; value: number }[], className: string): VNode {
    const base = this.y(0);
    const path = bars
      .filter(({ value }) => value > 0)
      .map(
        ({ fromMs, toMs, value }) => `M${this.x(fromMs)},${base}V${this.y(value)}H${this.x(toMs)}V${base}Z`,
      );
    return html`<path class="bars ${className}" d=${path.join("")} vector-effect="non-scaling-stroke" />`;
  }

  /**
   * The row of a chart that shows this plot.
   *
   * @param drawing in the units of the drawing
   * @param beside in pixels and percent, such as texts
   */
  row(drawing: Markup, beside?: Markup): VNode {
    const { heightPx, format, time, title } = this.#options;
    const height = this.#topPx + heightPx + 4;
    const ticks = format === undefined ? [] : this.#ticks;
    return html`<div class="row">
      <svg class="scale" aria-hidden="true" height=${height}>
        ${ticks.map((value) => html`<text x="100%" dx="-8" y=${this.y(value)} dy="4" text-anchor="end">${format!(value)}</text>`)}
      </svg>
      <svg class="plot" aria-hidden="true" height=${height}>
        ${windows(this.#topPx - 4, heightPx + 4)}
        ${ticks.map((value) => html`<line class=${value === 0 ? "base" : "grid"} x1="0" x2="100%" y1=${this.y(value)} y2=${this.y(value)} />`)}
        <svg viewBox="0 0 ${drawingWidth} ${height}" width="100%" height=${height} preserveAspectRatio="none">${drawing}</svg>
        ${beside}
        ${recovery(time, this.#topPx, heightPx)}
        ${this.#labels.map((label) => labelMarkup(label))}
        ${title && html`<text class="plot-title" x="0" y=${this.#topPx - 6}>${title}</text>`}
      </svg>
    </div>`;
  }
}

/** The row of a chart that tells the time: seconds since the first write. */
export function timeRow(time: RunTime): VNode {
  return html`<div class="row">
    <svg class="scale" aria-hidden="true" height="34"></svg>
    <svg class="plot" aria-hidden="true" height="34">
      <line class="base" x1="0" x2="100%" y1="0.5" y2="0.5" />
      ${time.ticks().map(({ ms, label }, index) => {
        const x = `${time.percent(ms).toFixed(2)}%`;
        return html`<g class=${index % 2 === 1 ? "every-other" : undefined}>
          <line class="base" x1=${x} x2=${x} y1="0" y2="5" />
          <text x=${x} y="18" text-anchor="middle">${label}</text>
        </g>`;
      })}
      <text class="unit" x="100%" y="32" text-anchor="end">seconds since the first write</text>
    </svg>
  </div>`;
}

/** Faults as shaded grounds with an edge at either end, by reference to what `definitions` holds: a page may have very many plots. */
export function windows(topPx: number, heightPx: number): VNode {
  return html`<svg class="windows" y=${topPx} width="100%" height=${heightPx}><use href="#windows" /></svg>`;
}

function windowsOf(time: RunTime): VNode[] {
  return time.faults.slice(0, maxFaults).map(({ startMs, endMs, number }) => {
    const [from, to] = [time.percent(startMs), time.percent(endMs)];
    const edge = (percent: number) => {
      const x = `${percent.toFixed(3)}%`;
      return html`<line class="fault-edge" x1=${x} x2=${x} y1="0" y2="100%" />`;
    };
    const width = `${(to - from).toFixed(3)}%`;
    return html`<g class="fault" data-fault=${number}>
      ${
        endMs > startMs &&
        html`<rect class="fault-ground" fill="url(#hatch)" x="${from.toFixed(3)}%" width=${width} y="0" height="100%" />`
      }
      ${edge(from)} ${endMs > startMs && edge(to)}
    </g>`;
  });
}

function recovery(time: RunTime, topPx: number, heightPx: number): VNode | null {
  if (time.recoveredAtMs === null) return null;
  const x = `${time.percent(time.recoveredAtMs).toFixed(3)}%`;
  return html`<line class="recovered" x1=${x} x2=${x} y1=${topPx - 4} y2=${topPx + heightPx} />`;
}

interface PlacedLabel {
  percent: number;
  row: number;
  text: string;
  /** What is left of the text where there is little room. */
  short: string;
  isRecovery: boolean;
}

/** In as many rows as it takes for labels not to lie on each other; those that find no room are left to the list of faults. */
function placeLabels(time: RunTime): PlacedLabel[] {
  const wanted = [
    ...time.faults.slice(0, maxFaults).map((fault: FaultWindow) => ({
      percent: time.percent(fault.startMs),
      text: `${fault.number} ${fault.name}`,
      short: `${fault.number}`,
      isRecovery: false,
    })),
    ...(time.recoveredAtMs === null
      ? []
      : [{ percent: time.percent(time.recoveredAtMs), text: "recovered", short: "✓", isRecovery: true }]),
  ].sort((one, other) => one.percent - other.percent);
  const ends = Array.from({ length: maxLabelRows }, () => 0);
  return wanted.flatMap((label) => {
    const width = labelPercent + label.text.length * percentPerCharacter;
    const isFlushRight = label.percent + width > 100;
    const [from, to] = isFlushRight
      ? [label.percent - width, label.percent]
      : [label.percent, label.percent + width];
    const row = ends.findIndex((end) => end <= from);
    if (row === -1) return [];
    ends[row] = to;
    return { ...label, row };
  });
}

function labelMarkup({ percent, row, text, short, isRecovery }: PlacedLabel): VNode {
  const y = row * labelRowPx + 11;
  const isFlushRight = percent + labelPercent + text.length * percentPerCharacter > 100;
  const place = {
    x: `${percent.toFixed(3)}%`,
    dx: isFlushRight ? -3 : 3,
    y,
    "text-anchor": isFlushRight ? "end" : "start",
  };
  const className = isRecovery ? "recovered-label" : "fault-label";
  return html`<g class=${className}>
    <text class="wide" ...${place}>${isRecovery ? `✓ ${text}` : text}</text>
    <text class="narrow" ...${place}>${short}</text>
  </g>`;
}

/** What plots refer to, once a page: how faults are shaded, with lines across beside the colour, and where they are. */
export function definitions(time: RunTime | undefined): VNode {
  return html`<svg class="patterns" width="0" height="0" aria-hidden="true">
    <defs>
      <pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="7" height="7" />
        <line class="hatch" x1="3.5" y1="0" x2="3.5" y2="7" />
      </pattern>
      ${time && html`<g id="windows">${windowsOf(time)}</g>`}
    </defs>
  </svg>`;
}
