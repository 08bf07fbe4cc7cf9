import type { LineMarks } from "./line-marks.ts";

/** Identifies a line of a run. Sequences start at 1; 0 is the sentinel, which proves that the pipeline works and is never counted. */
export interface Identity {
  source: string;
  sequence: number;
}

/** A place in a text that contains the seed of the run as a line does: `SEED/SOURCE/SEQUENCE`. */
export interface Anchor {
  /** Whether it is at the place where a line begins, where a line ends, or anywhere else. */
  role: "head" | "tail" | "loose";
  /** Where the seed begins, in UTF-16 units. */
  start: number;
  /** Whether the text ends inside it or right after it, so that digits or letters may be missing. */
  open: boolean;
  /** Which line it names; undefined if source or sequence are damaged or cut off. */
  identity: Identity | undefined;
}

/** The highest sequence of a source; larger numbers in a text are damage. */
export const maxSequence = 1_000_000_000;

const identityForm = /([A-Za-z0-9_.-]{1,64})\/(0|[1-9][0-9]{0,9})(?![0-9])/y;
const openForm = /(?:[A-Za-z0-9_.-]{0,64}|[A-Za-z0-9_.-]{1,64}\/(?:0|[1-9][0-9]{0,9})?)$/y;

/** Which line a text names at a place; undefined if source or sequence are damaged or cut off. */
export function identityAt(text: string, start: number): Identity | undefined {
  identityForm.lastIndex = start;
  const match = identityForm.exec(text);
  if (match === null) return undefined;
  const sequence = Number(match[2]);
  return sequence > maxSequence ? undefined : { source: match[1]!, sequence };
}

/**
 * What a text has at a place where it contains the seed.
 *
 * @param afterSeed the place behind the seed and its slash
 */
export function anchorAt(text: string, start: number, afterSeed: number, marks: LineMarks): Anchor {
  openForm.lastIndex = afterSeed;
  const open = openForm.test(text);
  return { role: roleAt(text, start, marks), start, open, identity: identityAt(text, afterSeed) };
}

function roleAt(text: string, start: number, { head, tail }: LineMarks): Anchor["role"] {
  if (text.startsWith(head, start - head.length)) return "head";
  if (text.startsWith(tail, start - tail.length)) return "tail";
  return "loose";
}

/** Whether two identities are of the same line. */
export function isSameLine(one: Identity, other: Identity | undefined): boolean {
  return one.source === other?.source && one.sequence === other.sequence;
}
