import { formatBytes } from "../base/format-bytes.ts";
import { describeMs, grouped } from "../report/describe.ts";
import type { Drift, Finding, Quantity, SoakDocument } from "./soak-document.ts";

const quantityWords: Record<Quantity, string> = {
  memory: "memory",
  descriptors: "open descriptors",
  disk: "disk space",
  lag: "lag",
  latency: "latency (median)",
};

const findingWords: Record<Finding, string> = {
  "no-drift": "grows by less than the bound",
  leak: "leak: grows by more than the bound, and lines do not explain it",
  "falls-behind": "falls behind: grows by more than the bound",
  "machine-at-its-end": "grows by more than the bound, but this machine was at its end",
  "may-hold-lines":
    "grows by more than the bound, but lines that are held until they are written out may explain it",
  "too-wide": "the interval is too wide to decide",
  "too-few": "too few samples",
  "not-measured": "not measured",
};

/** What the trend of a quantity says, in a few words, and how long a soak would decide. */
export function findingText({ finding, neededHours }: Drift): string {
  const needed = neededHours === null ? "" : `; about ${describeHours(neededHours)} would decide`;
  return `${findingWords[finding]}${needed}`;
}

/** The verdict of a soak in a sentence: what became of the lines, and what decides among the trends. */
export function soakSentence({ verdict, linesVerdict, drifts, counts, measuredHours }: SoakDocument): string {
  const { written, lost, duplicated } = counts;
  const lines = `of ${grouped(written)} lines, ${grouped(lost)} were lost and ${grouped(duplicated)} duplicated (${linesVerdict})`;
  const hours = describeHours(measuredHours);
  if (verdict === "holds") return `holds: ${lines}; nothing drifted in ${hours}`;
  const decisive = drifts.filter((drift) => drift.verdict === verdict);
  return decisive.length === 0
    ? `${verdict}: ${lines}`
    : `${verdict}: ${lines}; in ${hours}, ${summaryOf(decisive)}`;
}

function summaryOf(decisive: readonly Drift[]): string {
  const groups = Map.groupBy(decisive, ({ finding }) => finding);
  return [...groups]
    .map(([finding, drifts]) => `${drifts.map(nameOf).join(", ")}: ${findingWords[finding]}`)
    .join("; ");
}

/** What a trend is of: `memory of store-1`. */
export function nameOf({ quantity, instance }: Pick<Drift, "quantity" | "instance">): string {
  return instance === null ? quantityWords[quantity] : `${quantityWords[quantity]} of ${instance}`;
}

/** A figure of a quantity, which may be negative. */
export function amount(quantity: Quantity, value: number | null): string {
  if (value === null) return "-";
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (quantity === "descriptors") return `${sign}${size.toFixed(1)}`;
  if (quantity === "lag" || quantity === "latency") return `${sign}${describeMs(size * 1_000)}`;
  return `${sign}${formatBytes(size)}`;
}

/** Hours for people: `24 min`, `2.5 h`. */
export function describeHours(hours: number): string {
  return hours < 1
    ? `${(60 * hours).toFixed(hours < 1 / 6 ? 1 : 0)} min`
    : `${grouped(Number(hours.toFixed(1)))} h`;
}
