import type { LineCodec } from "../../../load/line.ts";

/**
 * A format with many lines in one JSON value, on one line or indented. Each format is a file of this folder and a line in
 * `document-forms.ts`, or belongs to the exports of a sink.
 */
export interface DocumentForm {
  /** Its name in messages. */
  name: string;
  /** How such a document begins, without leading blanks. */
  begins: RegExp;
  /**
   * How each document begins that its writer appends to a file on a line of its own: a text that stands nowhere inside of one. A document
   * that a crash tore is then damaged alone, and those behind it can be read.
   */
  opening?: string;
  /**
   * The content of each entry of the document: the line, or JSON that has it in a field.
   *
   * @returns undefined if the value is not such a document
   * @throws UsageError if it is such a document, but without lines
   */
  entriesOf(value: unknown, codec: LineCodec): string[] | undefined;
}
