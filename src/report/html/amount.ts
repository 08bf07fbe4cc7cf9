import { formatBytes } from "../../base/format-bytes.ts";
import { grouped } from "../describe.ts";

/** A value of a track with its unit, whatever that is: `0.42 CPUs`, `134 MB`, `1,000 lines`. */
export function amount(value: number, unit: string): string {
  if (unit === "B") return formatBytes(value);
  if (unit === "B/s") return `${formatBytes(value)}/s`;
  return `${number(value)} ${unit}`;
}

/** The same as it stands at a scale, where there is little room and the chart's text tells the unit. */
export function tick(value: number, unit: string): string {
  return unit === "B" || unit === "B/s" ? formatBytes(value) : number(value);
}

function number(value: number): string {
  return Number.isInteger(value) ? grouped(value) : grouped(Number(value.toPrecision(2)));
}
