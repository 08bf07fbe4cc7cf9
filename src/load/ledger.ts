import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UsageError } from "../base/errors.ts";
import { maxSequence } from "./line.ts";
import { type Mark, maxMarks } from "./mark-recorder.ts";

/** The most torn lines a source keeps. */
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
  /** How many there are of the line's; never all. */
  bytes: z.int().min(1),
});

/** What was written of one source. */
export const sourceLedgerSchema = z
  .object({
    source: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "expected 1 to 64 letters, digits, _ . or -"),
    /** The write of every sequence from 1 to this one returned. */
    written: z.int().min(0).max(maxSequence),
    /** `[sequence, atMs]`: at this Unix millisecond, `sequence` was the highest whose write had returned. Both ascend. */
    marks: z.array(z.tuple([z.int().min(0).max(maxSequence), z.number().min(0)])).max(maxMarks),
    /** What crashes left: the first bytes of a line that was written whole afterwards, as a physical line of its own. */
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

/** What was written: small, of fixed size per source, and enough to make every written line again. */
export const ledgerSchema = z.object({
  schema: z.literal("everyline/ledger@1"),
  seed: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "expected 1 to 32 letters, digits, _ or -"),
  clock: clockSchema,
  sources: z
    .array(sourceLedgerSchema)
    .refine(
      (sources) => new Set(sources.map(({ source }) => source)).size === sources.length,
      "a source appears twice",
    ),
});

export type Ledger = z.infer<typeof ledgerSchema>;
export type SourceLedger = z.infer<typeof sourceLedgerSchema>;
/** The beginning of a line that a crash left. */
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
    `${path} is no ledger of the form everyline/ledger@1:\n${z.prettifyError(parsed.error)}\n` +
      `Pass the ledger.json that "everyline generate" or a run wrote, unchanged.`,
  );
}

/** How many physical lines stand in the files: the sentinels, the lines, and the beginnings of lines that crashes left. */
export function entriesOf({ sources }: Pick<Ledger, "sources">): number {
  return sources.reduce((sum, { written, torn = [] }) => sum + 1 + written + torn.length, 0);
}

/**
 * By when the write of a line had certainly returned: the first mark at or after it, so an upper bound in Unix milliseconds,
 * too late by at most the distance of two marks.
 *
 * @returns undefined if the line was not written or no mark covers it
 */
export function writtenAtMs(source: SourceLedger, sequence: number): number | undefined {
  if (sequence < 1 || sequence > source.written) return undefined;
  return source.marks[firstMark(source.marks, (mark) => mark[0] >= sequence)]?.[1];
}

/**
 * Until when the write of a line had certainly not returned: the last mark before it, so a lower bound in Unix milliseconds, too early
 * by at most the distance of two marks.
 *
 * @returns undefined if the line was not written or no mark comes before it
 */
export function notWrittenBeforeMs(source: SourceLedger, sequence: number): number | undefined {
  if (sequence < 1 || sequence > source.written) return undefined;
  return source.marks[firstMark(source.marks, (mark) => mark[0] >= sequence) - 1]?.[1];
}

/**
 * The lines whose write certainly returned within a time, both ends included. Lines between two marks of which only one lies
 * inside are left out, so the range may miss up to one distance of marks at either end, but never holds a line too many.
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

/** Index of the first mark for which a condition holds that holds for all after it; the length if for none. */
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
