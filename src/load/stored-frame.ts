import type { LineCodec } from "./line.ts";
import { framed, type LineFrame, stringsWithin } from "./line-frame.ts";

/** No line that is written has one, but Promtail's `docker` stage leaves the one that ended the line at each that it stores. */
const newline = "\n";
/** Any other time than a line of a run has. */
const anotherTime = "1970-01-01T00:00:00.000000000Z";

/**
 * In which frame a sink stores lines, by one of them that it has stored intact, such as a sentinel. That is, in this order:
 *
 * 1. the line as it was written, or a piece of that with the whole of `{line}` in it, as an `output` stage leaves it;
 * 2. one of these as a string in a JSON object; of several, the longest. What else is in the object is not the line's and is not compared;
 * 3. the line with something else around it, which may differ from line to line.
 *
 * A newline at the end of the text belongs to the frame.
 *
 * @param codec of the run, with its template and without a frame
 * @returns undefined if the text contains no intact line, or more than one thing of the run, or something around it that cannot be seen
 */
export function storedFrameOf(text: string, codec: LineCodec): LineFrame | undefined {
  if (text.endsWith(newline)) return withNewline(storedFrameOf(text.slice(0, -1), codec));
  const direct = frameAround(text, codec);
  if (direct !== undefined && !direct.isForeign) return direct;
  const frames = stringsWithin(text)
    .sort((one, other) => other.text.length - one.text.length)
    .flatMap(({ text: inner, within }) => {
      const frame = frameAround(inner, codec);
      return frame === undefined ? [] : [{ ...frame, within }];
    });
  return frames.find(({ isForeign }) => !isForeign) ?? frames[0] ?? direct;
}

/** Of lines within JSON, what follows the JSON is compared no more than what else is in it. */
function withNewline(frame: LineFrame | undefined): LineFrame | undefined {
  if (frame === undefined || frame.within !== undefined) return frame;
  return { ...frame, after: [...frame.after.slice(0, -1), `${frame.after.at(-1)}${newline}`] };
}

function frameAround(text: string, codec: LineCodec): LineFrame | undefined {
  const identity = codec.lineWithin(text);
  if (identity === undefined) return undefined;
  const { source, sequence } = identity;
  const line = codec.bare(source, sequence);
  const start = text.indexOf(line);
  const time = codec.timeOf(sequence);
  const frame = {
    before: text.slice(0, start).split(time),
    after: text.slice(start + line.length).split(time),
  };
  if (isPieceOfWritten(frame, codec)) return frame;
  // A carriage return, or a byte order mark, is damage: no program puts it around each line on purpose.
  const isVisible = [...frame.before, ...frame.after].every((piece) => !/[^\P{C}\t]/u.test(piece));
  return isVisible ? { ...frame, isForeign: true } : undefined;
}

/**
 * Whether a frame is a piece of what was written with any time: a piece that begins or ends within the time is one with its own time only. The
 * newline that ends each line was written as well, and what takes lines out of Docker's json-files leaves it where it was.
 */
function isPieceOfWritten(frame: LineFrame, { written }: LineCodec): boolean {
  const mark = "\0";
  return (
    written !== undefined &&
    `${framed(written, mark, anotherTime)}\n`.includes(framed(frame, mark, anotherTime))
  );
}
