import type { LineCodec } from "../../../load/line.ts";

/**
 * Takes one wrapping off a text.
 *
 * @returns what was inside; several texts, or none yet, where one wrapping holds a part or many; undefined if the text has no such
 * wrapping, and is therefore no text of the form
 */
type Unwrap = (text: string) => string | readonly string[] | undefined;

/** A form that was found, ready for one export from its first text to its last. */
export interface FormReader {
  /** How users call it. */
  name: string;
  unwrap: Unwrap;
  /** What is still held when the export has ended. */
  end?(): readonly string[];
}

/**
 * A form in which tools put something around the lines of a log, one text at a time. Each is a file of this folder and a line in
 * `line-forms.ts`.
 */
export interface LineForm {
  /**
   * The ways in which texts may be of this form; the one that leads to the most whole lines is taken.
   *
   * @param sample texts that bear the seed of the run, and what stands between them
   */
  readers(sample: readonly string[], codec: LineCodec): (() => FormReader)[];
}

/** A form that puts a prefix before each line. Each pattern is anchored at the start and matches the prefix alone. */
export function prefixForm(name: string, patterns: readonly RegExp[]): LineForm {
  return {
    readers: () =>
      patterns.map((pattern) => () => ({
        name,
        unwrap(text) {
          const match = pattern.exec(text);
          return match === null ? undefined : text.slice(match[0].length);
        },
      })),
  };
}

/** A time as RFC 3339 has it, as the source of a pattern. */
export const rfc3339 = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)`;

/** An escape sequence that colours text in a terminal, as the source of a pattern. */
export const colour = String.raw`\u001b\[[0-9;]*m`;
