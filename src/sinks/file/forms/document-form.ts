import type { LineCodec } from "../../../load/line.ts";

/**
 * A form in which many lines stand in one JSON value, on one line or indented. Each is a file of this folder and a line in
 * `document-forms.ts`.
 */
export interface DocumentForm {
  /** How users call it. */
  name: string;
  /** How such a document begins, blanks in front left out. */
  begins: RegExp;
  /**
   * What each entry of the document holds: the line, or JSON that has it in a field.
   *
   * @returns undefined if the value is no such document
   * @throws UsageError if it is one, but not of lines
   */
  entriesOf(value: unknown, codec: LineCodec): string[] | undefined;
}
