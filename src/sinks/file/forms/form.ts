import type { LineCodec } from "../../../load/line.ts";

/**
 * Removes one wrapping from a text.
 *
 * @returns the content; several texts, or none yet, if a wrapping contains many or only a part; undefined if the text has no such
 * wrapping, and therefore not this format
 */
type Unwrap = (text: string) => string | readonly string[] | undefined;

/** A detected format, ready for one export from its first text to its last. */
export interface FormReader {
  /** Its name in messages. */
  name: string;
  unwrap: Unwrap;
  /** Whether the content is one string of a JSON object, at the same place in each text. */
  isJsonString?: boolean;
  /** What is still buffered when the export has ended. */
  end?(): readonly string[];
}

/**
 * A format in which tools put something around each line of a log. Each format is a file of this folder and a line in
 * `line-forms.ts`, or belongs to the exports of a sink.
 */
export interface LineForm {
  /**
   * The variants of this format; the one that leads to the most whole lines is used.
   *
   * @param sample texts that contain the seed of the run, and the texts between them
   */
  readers(sample: readonly string[], codec: LineCodec): (() => FormReader)[];
}

/** A format that puts a prefix before each line. Each pattern is anchored at the start and matches only the prefix. */
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
