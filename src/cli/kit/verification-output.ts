import { styleText } from "node:util";
import { breachKinds } from "../../judge/breaches.ts";
import type { Findings, SequenceRange } from "../../judge/check.ts";
import { anomalyKinds } from "../../judge/counts.ts";
import type { Sample } from "../../judge/observation.ts";
import { describeTorn } from "../../report/describe-torn.ts";
import { plainTable } from "../../report/plain-table.ts";
import { type TerminalOptions, verdictColours } from "../../report/verdict-colours.ts";
import type { ExportExtent } from "../../sinks/file/observed-lines.ts";
import { knownExports } from "../../sinks/known-exports.ts";

/** A file that was read, and its format. */
export interface ReadFile {
  path: string;
  form: string;
  /** Lines that were read. */
  lines: number;
  /** Corrupted lines that end with a carriage return. */
  endsWithReturn: number;
  /** Corrupted lines that begin with a byte order mark. */
  beginsWithMark: number;
}

/** The result of `verify`. */
export interface Verification {
  verdict: "holds" | "broken" | "unknown";
  /** Why the verdict is not `holds`. */
  reasons: string[];
  /** The seed of each run that was written. */
  seeds: string[];
  read: ExportExtent;
  /** The files that were read completely. */
  files: ReadFile[];
  /** Undefined if a read could not be completed, because half of the lines prove nothing. */
  findings?: Findings;
}

const maxRangeRows = 20;
const maxTornLines = 20;
const maxFormRows = 20;
const maxSampleLength = 100;
/** The document of `verify --json`; `counts` and what follows it are null if a read could not be completed. */
export function verificationJson({ verdict, reasons, seeds, read, files, findings }: Verification): string {
  const {
    counts = null,
    lost,
    duplicated = null,
    duplicatedRangesOmitted = null,
    torn = null,
    samples = null,
  } = findings ?? {};
  return `${JSON.stringify({
    schema: "everyline/verify@1",
    verdict,
    reasons,
    ...(seeds.length === 1 ? { seed: seeds[0] } : { seed: null, seeds }),
    read,
    forms: files.map(({ path, form }) => ({ path, form })),
    remarks: files.flatMap((file) => remarksOn(file, findings)),
    counts,
    // A file alone does not tell at which hop a line was lost.
    lost: lost?.map((range) => ({ ...range, hop: "unknown" })) ?? null,
    duplicated,
    duplicatedRangesOmitted,
    torn,
    samples,
  })}\n`;
}

/** The text of `verify`: counts, lost lines, samples of damage, verdict. */
export function verificationText(
  { verdict, reasons, read, files, findings }: Verification,
  options: TerminalOptions,
): string {
  const paint = painterFor(options);
  const parts =
    findings === undefined
      ? []
      : [
          countsTable(findings, paint),
          ...rangeParts(findings),
          ...tornParts(findings),
          ...sampleParts(findings.samples),
        ];
  parts.push(...formParts(files), ...files.flatMap((file) => remarksOn(file, findings)));
  if (read.oversizedLines > 0)
    parts.push(`${read.oversizedLines} of the ${read.lines} lines read were cut at 1 MiB.`);
  parts.push(`${paint(verdictColours[verdict], verdict)}: ${reasons.join(", ") || successText(findings)}`);
  return `${parts.join("\n")}\n`;
}

/** Raw lines are not mentioned, because nothing was removed from them. */
function formParts(files: ReadFile[]): string[] {
  const others = files.filter(({ form }) => form !== "raw lines");
  const shown = others.slice(0, maxFormRows).map(({ path, form }) => `${path} was read as ${form}.`);
  return others.length > maxFormRows ? [...shown, `… and ${others.length - maxFormRows} more.`] : shown;
}

/** Possible causes in the file and not in the pipeline, and how to check them. */
function remarksOn({ path, lines, endsWithReturn, beginsWithMark }: ReadFile, findings?: Findings): string[] {
  const remarks: string[] = [];
  const limits = knownExports.map((known) => known.limits).filter((known) => known.lines.includes(lines));
  if ((findings?.counts.lost ?? 0) > 0)
    for (const { of } of limits)
      remarks.push(
        `${path} has exactly ${lines} lines, which is a default limit of ${of}: perhaps the other lines were not exported.`,
      );
  if (endsWithReturn > 0)
    remarks.push(
      `${endsWithReturn} of the corrupted lines in ${path} end with a carriage return, as Windows writes them; to check for other damage: tr -d '\\r' < ${path} | everyline verify --ledger LEDGER -`,
    );
  if (beginsWithMark > 0)
    remarks.push(
      `a corrupted line in ${path} begins with a byte order mark, as editors write it; to check for other damage: sed '1s/^\\xEF\\xBB\\xBF//' ${path} | everyline verify --ledger LEDGER -`,
    );
  return remarks;
}

type Painter = (colour: "green" | "red" | "yellow", text: string) => string;

function painterFor({ colour }: TerminalOptions): Painter {
  return (name, text) => (colour ? styleText(name, text, { validateStream: false }) : text);
}

function successText(findings: Findings | undefined): string {
  const isClean = breachKinds.every((kind) => findings?.counts[kind] === 0);
  return isClean
    ? "no line is lost, duplicated, damaged or unexpected"
    : "no anomaly except the allowed ones";
}

function countsTable({ counts }: Findings, paint: Painter): string {
  const rows = (["written", "delivered", ...anomalyKinds] as const).map((kind) => {
    const isBad = counts[kind] > 0 && breachKinds.some((breach) => breach === kind);
    return [isBad ? paint("red", kind) : kind, counts[kind]];
  });
  return plainTable(rows, { head: ["kind", "lines"], colAligns: ["left", "right"] });
}

function rangeParts({ lost, duplicated, duplicatedRangesOmitted }: Findings): string[] {
  return [...rangesTable("lost", lost, 0), ...rangesTable("duplicated", duplicated, duplicatedRangesOmitted)];
}

function rangesTable(title: string, ranges: SequenceRange[], omitted: number): string[] {
  if (ranges.length === 0) return [];
  const rows = ranges.slice(0, maxRangeRows).map(({ source, from, to }) => [source, from, to, to - from + 1]);
  const table = plainTable(rows, {
    head: [title, "from", "to", "lines"],
    colAligns: ["left", "right", "right", "right"],
  });
  const more = ranges.length - maxRangeRows + omitted;
  return more > 0 ? [table, `… and ${more} more ranges; --json lists them.`] : [table];
}

function tornParts({ torn }: Findings): string[] {
  return describeTorn(torn, maxTornLines).map((line) => `torn at the source: ${line}`);
}

function sampleParts(samples: Sample[]): string[] {
  return samples.map(({ kind, text, source, sequence }) => {
    const name = source === undefined ? kind : `${kind} ${source}/${sequence}`;
    const start = text.slice(0, maxSampleLength);
    // As JSON, because a damaged line may contain any character, also terminal escapes.
    return `${name}: ${JSON.stringify(start)}${start.length < text.length ? "…" : ""}`;
  });
}
