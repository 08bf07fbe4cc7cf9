import type { LineCodec } from "../../load/line.ts";
import type { Wrapping } from "../../load/matcher/wrapping.ts";

/** Splits the bytes of an export into texts and passes on the raw lines in them. */
export interface ExportReader {
  push(chunk: Buffer): void;
  end(): void;
  /** The formats of the lines, the outermost first; none if they were raw. */
  readonly forms: string[];
  /**
   * The forms in which intact lines stand, as far as the texts that were pushed have shown them. A text in one of them has no effect but that its
   * line is passed on, so that whoever recognises it need not push it. Absent if there is no such form.
   */
  readonly wrappings?: readonly Wrapping[];
  /** Texts that were cut because they were too long. */
  readonly oversizedLines: number;
}

/** What an export is read from, and where its lines go. */
export interface ExportTarget {
  path: string;
  codec: LineCodec;
  onLine: (text: string) => void;
}
