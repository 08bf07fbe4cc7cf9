import { styleText } from "node:util";

/**
 * Whether a stream wants colour, by Node's own rule, which is used only here: on a terminal, unless `NO_COLOR` has a value that is not
 * empty (no-color.org), `NODE_DISABLE_COLORS` is set, or `TERM` is `dumb`; anywhere with `FORCE_COLOR`, which takes precedence over
 * the others, and nowhere with `FORCE_COLOR=0`.
 */
export function wantsColour(stream: NodeJS.WritableStream): boolean {
  // A pipe's own colour depth (`hasColors`) ignores FORCE_COLOR.
  return styleText("bold", "x", { stream }) !== "x";
}
