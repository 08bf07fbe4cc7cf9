import { styleText } from "node:util";
import type { Verdict } from "../../plan/verdict.ts";
import { grouped } from "../../report/describe.ts";
import { verdictColours } from "../../report/verdict-colours.ts";
import type { RunStatus } from "../../run/run-request.ts";

/** What the line shows. */
export interface LiveState extends RunStatus {
  title: string;
  elapsedMs: number;
}

/** How it is displayed: never wider than `width` characters. */
export interface LiveLineOptions {
  width: number;
  colour: boolean;
}

type Style = Parameters<typeof styleText>[0];
/** A piece of the line, and its colour if there is colour. */
type Piece = [text: string, style?: Style];

const barWidths = [24, 16, 10];
const minTitleLength = 12;
const gap = "  ";

/**
 * The line of a run in progress: time, what runs, phase, a bar of the lines written and of those readable, the counts, and
 * the faults in force. If the width is too small, first the bar shrinks, then only the readable lines are counted, then none, then
 * the title is cut, and then the bar is omitted. The faults are shown as long as anything is.
 */
export function liveLine(state: LiveState, options: LiveLineOptions): string {
  const { faultsInForce } = state;
  const head: Piece[] = [[secondsOf(state)], [state.title], [state.phase.padEnd(6), "cyan"]];
  const faults: Piece[] =
    faultsInForce.length === 0 ? [] : [[`FAULT ${faultsInForce.join(" + ")}`, ["bold", "white", "bgRed"]]];
  const bars = barWidths.map((width): Piece => [barOf(state, width), "green"]);
  const forms = [...countsOf(state), []].flatMap((counts) =>
    bars.map((bar) => [...head, bar, ...counts, ...faults]),
  );
  const fitting = forms.find((form) => lengthOf(form) <= options.width);
  if (fitting !== undefined) return paint(fitting, options);
  return paint(withShortTitle([...head, bars.at(-1)!, ...faults], [...head, ...faults], options), options);
}

/** The line that remains after a run: time, what ran, the verdict or the phase it reached, and the counts. */
export function finalLine(
  { verdict, ...state }: LiveState & { verdict: Verdict | undefined },
  options: LiveLineOptions,
): string {
  const outcome: Piece =
    verdict === undefined
      ? [`ended in phase ${state.phase}, without a verdict`, "yellow"]
      : [verdict.padEnd(7), ["bold", verdictColours[verdict]]];
  const head: Piece[] = [[secondsOf(state)], [state.title], outcome];
  const fitting = countsOf(state).find((counts) => lengthOf([...head, ...counts]) <= options.width);
  if (fitting !== undefined) return paint([...head, ...fitting], options);
  return paint(withShortTitle(head, head, options), options);
}

/** A long form and a short one. */
function countsOf({ written, readable, lines }: LiveState): Piece[][] {
  const whole = `${grouped(written)} written, ${grouped(readable)} readable of ${grouped(lines)}`;
  return [[[whole]], [[`${grouped(readable)} of ${grouped(lines)}`]]];
}

function secondsOf({ elapsedMs }: LiveState): string {
  return `${(elapsedMs / 1_000).toFixed(1).padStart(6)} s`;
}

/** Readable lines are drawn full, lines that are written but not readable yet grey, the rest empty. */
function barOf({ written, readable, lines }: LiveState, width: number): string {
  const share = (count: number) => Math.min(width, Math.floor((width * count) / Math.max(1, lines)));
  const full = share(readable);
  const grey = Math.max(full, share(written)) - full;
  return `${"█".repeat(full)}${"▒".repeat(grey)}${"░".repeat(width - full - grey)}`;
}

/** The first form, with its title cut to the remaining width; the second if that would be too little. */
function withShortTitle(first: Piece[], second: Piece[], { width }: LiveLineOptions): Piece[] {
  const cut = [first, second].map((form) => {
    const [seconds, [title], ...rest] = form as [Piece, Piece, ...Piece[]];
    const room = width - (lengthOf(form) - title.length);
    return { room, form: [seconds, [shorten(title, Math.max(room, minTitleLength))] as Piece, ...rest] };
  });
  return (cut.find(({ room }) => room >= minTitleLength) ?? cut.at(-1)!).form;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function lengthOf(pieces: Piece[]): number {
  return pieces.map(([text]) => text).join(gap).length;
}

/** Cuts what is still too wide before colours are added, because an escape sequence must not be cut in two. */
function paint(pieces: Piece[], { width, colour }: LiveLineOptions): string {
  let room = width;
  const painted = pieces.map(([text, style], index) => {
    const separator = index === 0 ? "" : gap;
    const shown = shorten(text, Math.max(0, room - separator.length));
    room -= separator.length + shown.length;
    if (room < 0 || shown === "") return "";
    return `${separator}${colour && style ? styleText(style, shown, { validateStream: false }) : shown}`;
  });
  return painted.join("");
}
