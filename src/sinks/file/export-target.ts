import type { LineCodec } from "../../load/line.ts";

/** Splits the bytes of an export into texts and passes on the raw lines in them. */
export interface ExportReader {
  push(chunk: Buffer): void;
  end(): void;
  /** The formats of the lines, the outermost first; none if they were raw. */
  readonly forms: string[];
  /** Texts that were cut because they were too long. */
  readonly oversizedLines: number;
}

/** What an export is read from, and where its lines go. */
export interface ExportTarget {
  path: string;
  codec: LineCodec;
  onLine: (text: string) => void;
}
