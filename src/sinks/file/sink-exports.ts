import type { DocumentForm } from "./forms/document-form.ts";
import type { LineForm } from "./forms/form.ts";

/** How the lines of one kind of sink are exported: as its answer, or by its own client. */
export interface SinkExports {
  /** Answers that were saved as they came. */
  documents: readonly DocumentForm[];
  /** What its client puts around each line. */
  lines: readonly LineForm[];
  /** Messages that its client writes before the first line. */
  notice: RegExp;
  /** How the text of an error begins that was saved in place of an answer. */
  refusal: RegExp;
  /** Numbers of lines that are exported if nothing else is asked for, and of which tools, in words. */
  limits: { lines: readonly number[]; of: string };
}
