import { parseSource } from "./line.ts";
import { frameOf, type LineFrame, lineLevel } from "./line-frame.ts";
import { type LineMarks, marksOf } from "./line-marks.ts";

/** What of a line's text differs from line to line, apart from its padding. */
export type Variable = "sequence" | "time";

/** A piece of a line: text that is the same in every line of a source, or something in its place. */
export type Piece = { text: string } | { is: Variable };

/** The text of every line of a source: what is before its padding, and what is after it. */
export interface LinePieces {
  before: Piece[];
  after: Piece[];
}

const sequence: Piece = { is: "sequence" };
const time: Piece = { is: "time" };

/**
 * The pieces of the lines of a source as they are written, without their newline: those of which `LineCodec.encodeWritten` makes a text.
 *
 * @param template of the lines; undefined for Everyline's own JSON
 * @throws UsageError if the name of the source or the template is not valid
 */
export function linePieces(seed: string, source: string, template: string | undefined): LinePieces {
  const marks = marksOf(seed, template !== undefined);
  const identity = `${seed}/${parseSource(source)}/`;
  return template === undefined ? ownJson(marks, identity) : inFrame(frameOf(template), marks, identity);
}

function ownJson({ head, second, tail }: LineMarks, identity: string): LinePieces {
  return {
    before: [
      { text: head + identity },
      sequence,
      { text: `"${second}` },
      time,
      { text: `","level":"${lineLevel}","message":"Test log ` },
      sequence,
      { text: " " },
    ],
    after: [{ text: `",${tail}${identity}` }, sequence, { text: '"}' }],
  };
}

function inFrame(
  { before, after }: LineFrame,
  { head, second, tail }: LineMarks,
  identity: string,
): LinePieces {
  return {
    before: [
      ...timed(before),
      { text: head + identity },
      sequence,
      { text: second },
      sequence,
      { text: " " },
    ],
    after: [{ text: ` ${tail}${identity}` }, sequence, ...timed(after)],
  };
}

/** The pieces of a frame, with the time between each two. */
function timed(pieces: string[]): Piece[] {
  return pieces.flatMap((text, index) => (index === 0 ? [{ text }] : [time, { text }]));
}
