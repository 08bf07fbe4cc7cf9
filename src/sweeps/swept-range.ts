import { parseDurationSeconds } from "../base/duration.ts";
import { UsageError } from "../base/errors.ts";

const countPerUnit: Record<string, number> = { "": 1, k: 1_000, M: 1_000_000 };
const widestPercent = 100;
const middleOfTenfold = 3;

/** A range whose ends are whole numbers, the first of them the smaller. */
export interface SweptRange {
  from: number;
  to: number;
}

/**
 * A range of durations, such as `1m..2h`, in whole seconds.
 *
 * @throws UsageError if it is none
 */
export function parseDurationRange(text: string): SweptRange {
  return parseRange("--outage", text, parseDurationSeconds, "1m..2h");
}

/**
 * A range of numbers of lines, such as `10k..1M`.
 *
 * @throws UsageError if it is none
 */
export function parseLinesRange(text: string): SweptRange {
  return parseRange("--lines", text, parseCount, "10k..1M");
}

/**
 * A width such as `10%`, as a share.
 *
 * @throws UsageError if it is not from 1 % to 100 %
 */
export function parseWidth(text: string): number {
  const percent = /^\d{1,3}%$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (percent >= 1 && percent <= widestPercent) return percent / widestPercent;
  throw new UsageError(`expected a width from 1% to ${widestPercent}%, got ${JSON.stringify(text)}.`);
}

/** The sizes of a range: both ends, and 1, 3, 10, 30, … times the smaller one between them. */
export function sizesOf({ from, to }: SweptRange): number[] {
  const sizes: number[] = [];
  for (let tenfold = from; tenfold < to; tenfold *= 10)
    sizes.push(...[tenfold, middleOfTenfold * tenfold].filter((size) => size < to));
  return [...sizes, to];
}

function parseRange(
  flag: string,
  text: string,
  parse: (text: string) => number,
  example: string,
): SweptRange {
  const ends = text.split("..");
  if (ends.length !== 2)
    throw new UsageError(`expected a range like ${example} for ${flag}, got ${JSON.stringify(text)}.`);
  const [from, to] = ends.map(parse) as [number, number];
  if (from < to) return { from, to };
  throw new UsageError(
    `expected a range from the smaller to the greater end for ${flag}, like ${example}, got ${JSON.stringify(text)}.`,
  );
}

function parseCount(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,9})([kM]?)$/.exec(text) ?? [];
  const count = digits === undefined ? 0 : Number(digits) * countPerUnit[unit]!;
  if (count > 0) return count;
  throw new UsageError(`expected a number of lines like 10k, 1M or 25000, got ${JSON.stringify(text)}.`);
}
