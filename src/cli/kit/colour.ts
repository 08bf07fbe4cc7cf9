import { styleText } from "node:util";

/**
 * Whether a stream wants colour, by Node's own rule, which is asked here and nowhere else: on a terminal, unless `NO_COLOR` is set
 * to anything but nothing (no-color.org), `NODE_DISABLE_COLORS` is, or `TERM` is `dumb`; anywhere with `FORCE_COLOR`, which beats
 * the others, and nowhere with `FORCE_COLOR=0`.
 */
export function wantsColour(stream: NodeJS.WritableStream): boolean {
  // A stream that is asked for its depth of colour itself (`hasColors`) knows of no FORCE_COLOR when it is a pipe.
  return styleText("bold", "x", { stream }) !== "x";
}
