import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { flawInTemplate } from "../pipeline/line-template.ts";
import { maxSequence } from "./line.ts";
import { bareFrame, type LineFrame } from "./line-frame.ts";
import { type Mark, maxMarks } from "./mark-recorder.ts";

/** The maximum number of partial lines that a source records. */
export const maxTorn = 1_000;

const latestEpochMs = Date.UTC(9999, 0);
const longestBacklogMs = 366 * 86_400_000;

const clockSchema = z.object({
  epochMs: z.int().min(0).max(latestEpochMs),
  linesPerSecond: z.number().min(0.001).max(1_000_000),
  backlog: z
    .object({
      lines: z.int().min(1).max(maxSequence),
      spanMs: z.number().min(1).max(longestBacklogMs),
      sentinelAgeMs: z.number().min(0).max(longestBacklogMs),
    })
    .optional(),
});

const tornSchema = z.object({
  sequence: z.int().min(0).max(maxSequence),
  /** How many bytes of the line were written; fewer than all. */
  bytes: z.int().min(1),
});

/** What was written by one source. */
export const sourceLedgerSchema = z
  .object({
    source: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "expected 1 to 64 letters, digits, _ . or -"),
    /** The writes of all sequences from 1 to this one have returned. */
    written: z.int().min(0).max(maxSequence),
    /** `[sequence, atMs]`: at this Unix millisecond, `sequence` was the highest whose write had returned. Both ascend. */
    marks: z.array(z.tuple([z.int().min(0).max(maxSequence), z.number().min(0)])).max(maxMarks),
    /** Partial lines after crashes: the first bytes of a line, as a physical line of their own. The whole line was written after them. */
    torn: z.array(tornSchema).max(maxTorn).optional(),
  })
  .refine(
    ({ marks, written }) => marks.every(([sequence]) => sequence <= written),
    "a mark lies beyond `written`",
  )
  .refine(
    ({ marks }) => marks.every((mark, index) => index === 0 || follows(marks[index - 1]!, mark)),
    "marks descend",
  )
  .refine(
    ({ torn = [], written }) => torn.every(({ sequence }) => sequence <= written + 1),
    "a torn line lies beyond the line after `written`",
  );

const pieces = z.array(z.string()).min(1).max(1_000);

/** A `LineFrame`. */
export const lineFrameSchema = z.object({
  before: pieces,
  after: pieces,
  within: z.array(z.string()).min(1).optional(),
  isForeign: z.boolean().optional(),
});

/** A `LineShape`. */
const lineShapeSchema = z.object({
  template: z
    .string()
    .refine((template) => flawInTemplate(template) === undefined, "not a template of a line"),
  stored: lineFrameSchema.optional(),
});

/** What was written. It is small, has bounded size for each source, and suffices to generate every written line again. */
export const ledgerSchema = z.object({
  schema: z.literal("everyline/ledger@1"),
  seed: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "expected 1 to 32 letters, digits, _ or -"),
  clock: clockSchema,
  /** Absent if the lines were written as Everyline's own JSON. */
  line: lineShapeSchema.optional(),
  sources: z
    .array(sourceLedgerSchema)
    .refine(
      (sources) => new Set(sources.map(({ source }) => source)).size === sources.length,
      "a source appears twice",
    ),
});

export type Ledger = z.infer<typeof ledgerSchema>;
export type SourceLedger = z.infer<typeof sourceLedgerSchema>;
/** A partial line that a crash left. */
export type TornLine = z.infer<typeof tornSchema>;

function follows(before: Mark, after: Mark): boolean {
  return after[0] >= before[0] && after[1] >= before[1];
}

/**
 * Reads a ledger from a JSON file.
 *
 * @throws UsageError if the file cannot be read, is not JSON or is not a ledger
 */
export async function readLedger(path: string): Promise<Ledger> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (thrown) {
    throw new UsageError(
      `cannot read the ledger ${path}: ${messageOf(thrown)}. Pass the ledger.json that "everyline generate" or a run wrote.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new UsageError(`expected a ledger in ${path}, found text that is not JSON (${messageOf(thrown)}).`);
  }
  const parsed = ledgerSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${path} is not a ledger of the form everyline/ledger@1:\n${z.prettifyError(parsed.error)}\n` +
      `Pass the ledger.json that "everyline generate" or a run wrote, unchanged.`,
  );
}

/** The same ledger of lines in another place than the sink, where anything may be around the lines of a template. */
export function inAnyFrame(ledger: Ledger): Ledger {
  return storedIn({ ...bareFrame, isForeign: true }, ledger);
}

/** The same ledger with the frame in which a sink has stored the sentinels. */
export function storedIn(frame: LineFrame | undefined, ledger: Ledger): Ledger {
  return ledger.line === undefined || frame === undefined
    ? ledger
    : { ...ledger, line: { ...ledger.line, stored: frame } };
}

/** How many lines were written, by all sources. */
export function writtenIn({ sources }: Pick<Ledger, "sources">): number {
  return sources.reduce((sum, { written }) => sum + written, 0);
}

/** The number of physical lines in the files: sentinels, lines and partial lines. */
export function entriesOf({ sources }: Pick<Ledger, "sources">): number {
  return sources.reduce((sum, { written, torn = [] }) => sum + 1 + written + torn.length, 0);
}

/**
 * An upper bound, in Unix milliseconds, of when the write of a line returned: the time of the first mark at or after it. It is too late by
 * at most the distance between two marks.
 *
 * @returns undefined if the line was not written or no mark covers it
 */
export function writtenAtMs(source: SourceLedger, sequence: number): number | undefined {
  if (sequence < 1 || sequence > source.written) return undefined;
  return source.marks[firstMark(source.marks, (mark) => mark[0] >= sequence)]?.[1];
}

/**
 * A lower bound, in Unix milliseconds, of when the write of a line returned: the time of the last mark before it. It is too early by at
 * most the distance between two marks.
 *
 * @returns undefined if the line was not written or no mark comes before it
 */
export function notWrittenBeforeMs(source: SourceLedger, sequence: number): number | undefined {
  if (sequence < 1 || sequence > source.written) return undefined;
  return source.marks[firstMark(source.marks, (mark) => mark[0] >= sequence) - 1]?.[1];
}

/**
 * The lines whose writes certainly returned within a time span, both ends included. Lines between two marks of which only one is in the
 * span are left out, so at each end the range may miss the lines between two marks, but it never contains a line too many.
 *
 * @param fromMs Unix milliseconds
 * @param toMs Unix milliseconds
 * @returns undefined if there is no such line
 */
export function sequencesWrittenBetween(
  source: SourceLedger,
  fromMs: number,
  toMs: number,
): { from: number; to: number } | undefined {
  const first = source.marks[firstMark(source.marks, (mark) => mark[1] >= fromMs)];
  const last = source.marks[firstMark(source.marks, (mark) => mark[1] > toMs) - 1];
  if (first === undefined || last === undefined || last[0] <= first[0]) return undefined;
  return { from: first[0] + 1, to: last[0] };
}

/**
 * The index of the first mark that satisfies a condition; the number of marks if none does. The condition must hold for all marks after
 * that one.
 */
function firstMark(marks: readonly Mark[], holds: (mark: Mark) => boolean): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(marks[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
