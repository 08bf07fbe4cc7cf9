import { headMark, type LineCodec } from "../../../load/line.ts";

/**
 * Whether a text contains a line of the run or a recognisable part of one, however often its quotes were escaped, or written as numbers of
 * bytes. An identity alone, as in a label or a field of a parsed line, does not count.
 */
export function byBearing({ seed }: LineCodec): (text: string) => boolean {
  const pattern = new RegExp(String.raw`\\*"(?:id|end)\\*" ?: ?\\*"${seed}\\*/`);
  const bytes = [",", ", "].map((separator) => [...Buffer.from(`"${seed}/`)].join(separator));
  return (text) => pattern.test(text) || (text.includes("[") && bytes.some((part) => text.includes(part)));
}

/** Whether a text begins as the lines of the run do. */
export const beginsLine = (text: string, { seed }: LineCodec) => text.startsWith(`${headMark}${seed}/`);

/** Whether a row of a text begins with a line of the run; in documents and CSV the line is within quotes. */
export function hasRawLine(text: string, { seed }: LineCodec): boolean {
  return text.includes(`\n${headMark}${seed}/`);
}
