import type { LineCodec } from "../../../load/line.ts";

/**
 * Whether a text contains a line of the run or a recognisable part of one, however often its quotes were escaped, or written as numbers of
 * bytes. An identity alone, as in a label or a field of a parsed line, does not count.
 */
export function byBearing({ seed, written }: LineCodec): (text: string) => boolean {
  // In a template of the user's, nothing of a line is ever escaped but the slash.
  const pattern =
    written === undefined
      ? new RegExp(String.raw`\\*"(?:id|end)\\*" ?: ?\\*"${seed}\\*/`)
      : new RegExp(String.raw`\b(?:id|end)=${seed}\\*/`);
  const before = written === undefined ? '"' : "=";
  const bytes = [",", ", "].map((separator) => [...Buffer.from(`${before}${seed}/`)].join(separator));
  return (text) => pattern.test(text) || (text.includes("[") && bytes.some((part) => text.includes(part)));
}

/** Whether a text begins as the lines of the run do. */
export const beginsLine = (text: string, codec: LineCodec) => codec.isBegunBy(text);

/** Whether a row of a text begins with a line of the run; in documents and CSV the line is within quotes. */
export function hasRawLine(text: string, codec: LineCodec): boolean {
  if (codec.written === undefined) return text.includes(`\n${codec.marks.head}${codec.seed}/`);
  // The first row is a line, too: a template may look like the beginning of a document.
  return text.split("\n").some((row) => beginsLine(row, codec));
}
