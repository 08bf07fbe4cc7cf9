import type { WriteStream } from "node:tty";

/** Of a line where nobody tells the width: in a pipe, a file or a log. */
const plainWidth = 110;

/** How many characters a line of prose may have on a stream: the terminal's width, or 110. */
export function textWidth(stream: Pick<WriteStream, "columns">): number {
  return stream.columns || plainWidth;
}
