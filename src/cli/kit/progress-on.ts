import type { WriteStream } from "node:tty";
import { wantsColour } from "./colour.ts";
import { LiveProgress } from "./live-progress.ts";
import { PlainProgress } from "./plain-progress.ts";
import type { Progress } from "./progress.ts";

/**
 * The progress of a run: one line that is overwritten if the terminal supports it, successive lines otherwise.
 *
 * @param isAlone whether no other run writes to the stream; two runs would overwrite each other's line
 */
export function progressOn(
  stream: WriteStream,
  title: string,
  { isAlone = true }: { isAlone?: boolean } = {},
): Progress {
  const isLive = isAlone && stream.isTTY && process.env.TERM !== "dumb";
  return isLive
    ? new LiveProgress(stream, title, { colour: wantsColour(stream) })
    : new PlainProgress(stream, title);
}
