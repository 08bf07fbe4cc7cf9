import type { Drift } from "./soak-document.ts";
import { amount, findingText, nameOf } from "./soak-words.ts";

/** The columns of `driftRow`. */
export const driftHead = ["of", "level", "per hour", "interval", "bound", "samples", "finding"];

/** The trend of one quantity as a row of a table. */
export function driftRow(drift: Drift): string[] {
  const { quantity, level, slopePerHour, lowPerHour, highPerHour, boundPerHour, samples, bytesPerLine } =
    drift;
  const interval =
    lowPerHour === null ? "-" : `${amount(quantity, lowPerHour)} to ${amount(quantity, highPerHour)}`;
  const perLine = bytesPerLine === null ? "" : ` (${bytesPerLine.toFixed(0)} B per line)`;
  return [
    nameOf(drift),
    amount(quantity, level),
    `${amount(quantity, slopePerHour)}${perLine}`,
    interval,
    amount(quantity, boundPerHour),
    `${samples}`,
    findingText(drift),
  ];
}
