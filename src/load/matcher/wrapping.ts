import type { Spelling } from "./spellings.ts";

/**
 * What stands around each line in an export, as the pieces of a text of it with its newline: a text that is the same each time, what may stand
 * in a string of JSON without an escape, or the line.
 */
export type WrappingPiece = { text: string } | "string" | "line";

/** A form in which lines stand in an export. */
export interface Wrapping {
  spelling: Spelling;
  pieces: readonly WrappingPiece[];
}

/** Lines that stand alone. */
export const noWrapping: Wrapping = { spelling: "plain", pieces: ["line", { text: "\n" }] };
