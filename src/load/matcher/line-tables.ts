import type { LineClock } from "../line.ts";
import { linePieces, type Piece } from "../line-pieces.ts";
import { hashOf, TextPool } from "../text-pool.ts";
import type { MemoryImage } from "./memory-image.ts";
import { type Spelling, spellings } from "./spellings.ts";

/** What suffices to recognise the lines of a run in Everyline's own JSON. */
export interface LinesToMatch {
  seed: string;
  clock: LineClock;
  /** At least one; names of different sources. */
  sources: readonly string[];
}

const anySeconds = "1970-01-01T00:00:00.";
/** What stands behind the nanoseconds of a time. */
const zone = "Z";
const utf8 = new TextEncoder();
/** What of a source changes while lines are matched: its open run, and what is expected next. */
const nothingYet = [0, 0, 0, 0, 0, 0, 0];

/**
 * Lays out what the matcher compares lines with.
 *
 * @returns the value of each of its globals that says where
 */
export function addLineTables(image: MemoryImage, lines: LinesToMatch, spelling: Spelling) {
  const { seed, clock, sources } = lines;
  const spell = (text: string) => utf8.encode(spellings[spelling](text));
  const textRecord = (text: string) => image.addNumbers(image.textNumbers(spell(text)));
  const [name = ""] = sources;
  const { head, beforeTime, afterTime, end } = textsOf(seed, name);
  const beforeNanoseconds = image.textNumbers(spell(beforeTime + anySeconds));
  const pool = spelling === "plain" ? new TextPool(seed).bytes() : spelledPool(seed, spell);
  return {
    mark: textRecord(head.slice(0, -`${name}/`.length)),
    beforeNanoseconds: image.addNumbers(beforeNanoseconds),
    time: beforeNanoseconds[0] + spell(beforeTime).length,
    behindTime: textRecord(zone + afterTime),
    end: textRecord(end),
    pool: image.addBytes(pool.bytes),
    wordStarts: image.addNumbers([...pool.starts]),
    sources: image.addNumbers(
      sources.flatMap((source) => {
        const { head, tail } = textsOf(seed, source);
        const texts = [...image.textNumbers(spell(head)), ...image.textNumbers(spell(tail))];
        return [...texts, hashOf(`${seed}/${source}/`), ...nothingYet];
      }),
    ),
    ...addNames(image, sources),
    openSources: image.reserve(sources.length * 4),
    epochMs: clock.epochMs,
    linesPerSecond: clock.linesPerSecond,
    backlogLines: clock.backlog?.lines ?? 0,
    backlogSpanMs: clock.backlog?.spanMs ?? 0,
  };
}

/** The sources by the hash of their names; of several with the same, the others come behind the first. */
function addNames(image: MemoryImage, sources: readonly string[]) {
  const size = 2 ** Math.ceil(Math.log2(4 * sources.length));
  const table = Array.from({ length: size }, () => 0);
  for (const [index, source] of sources.entries()) {
    const hash = hashOf(source);
    let place = (hash ^ (hash >>> 15)) & (size - 1);
    while (table[place] !== 0) place = (place + 1) & (size - 1);
    table[place] = index + 1;
  }
  return { names: image.addNumbers(table), namesMask: size - 1 };
}

/** The texts of a line between its variables, in their order. */
function textsOf(seed: string, source: string) {
  const { before, after } = linePieces(seed, source, undefined);
  const textsIn = (pieces: Piece[]) => pieces.flatMap((piece) => ("text" in piece ? piece.text : []));
  const [head, beforeTime, afterTime] = textsIn(before) as [string, string, string];
  const [tail, end] = textsIn(after) as [string, string];
  return { head, beforeTime, afterTime, tail, end };
}

/** The text from which paddings are cut, in a spelling, and where each word begins in it. A space is before each word but the first. */
function spelledPool(seed: string, spell: (text: string) => Uint8Array) {
  const { bytes, starts } = new TextPool(seed).bytes();
  const decoder = new TextDecoder();
  const words = Array.from(starts.subarray(0, -1), (start, index) =>
    spell(decoder.decode(bytes.subarray(start, starts[index + 1]))),
  );
  const spelledStarts = [0];
  for (const word of words) spelledStarts.push(spelledStarts.at(-1)! + word.length);
  return { bytes: Buffer.concat(words), starts: spelledStarts };
}
