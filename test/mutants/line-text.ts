import type { Entry } from "./history.ts";

/**
 * A line and the positions of its parts, by the documented form and without any code of the checker:
 *
 *     {"id":"SEED/SOURCE/7","time":"…","level":"info","message":"Test log 7 …","end":"SEED/SOURCE/7"}
 */
export interface LineText {
  text: string;
  source: string;
  sequence: number;
  /** Where the seed of the first identity begins, and where that identity ends. */
  head: { start: number; end: number };
  /** The same of the last identity. */
  tail: { start: number; end: number };
  /** The length of `SEED/`: a text with less of it has no trace of the run. */
  markLength: number;
  /** From `Test log` to the last character of the message. */
  message: { start: number; end: number };
}

export function lineTextOf({ bytes, source, sequence }: Entry, seed: string): LineText {
  const text = bytes.toString("utf8");
  const identity = `${seed}/${source}/${sequence}`;
  const start = '{"id":"'.length;
  const tailStart = text.length - '"}'.length - identity.length;
  return {
    text,
    source,
    sequence,
    head: { start, end: start + identity.length },
    tail: { start: tailStart, end: tailStart + identity.length },
    markLength: seed.length + 1,
    message: { start: text.indexOf("Test log "), end: tailStart - '","end":"'.length },
  };
}

/** A position between two characters: unchanged, or after the character of two UTF-16 units that it was inside. */
export function betweenCharacters(text: string, index: number): number {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff ? index + 1 : index;
}
