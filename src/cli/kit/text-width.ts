import type { WriteStream } from "node:tty";

/** The width of a line if nothing reports one: in a pipe, a file or a log. */
const plainWidth = 110;

/** The maximal number of characters in a line of prose on a stream: the terminal's width, or 110. */
export function textWidth(stream: Pick<WriteStream, "columns">): number {
  return stream.columns || plainWidth;
}
