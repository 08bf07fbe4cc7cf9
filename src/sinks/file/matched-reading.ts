import type { LineMatcher, MatchListener } from "../../load/matcher/line-matcher.ts";
import { matcherBlocks } from "../../load/matcher/line-matchers.ts";
import type { ByteSource } from "./byte-source.ts";
import type { ExportReader } from "./export-target.ts";

const newline = 0x0a;
/** Of lines that stretch over several chunks, a reader keeps only so much; so chunks are no longer than those of a stream. */
const pushBytes = 65_536;

interface MatchedReading {
  source: ByteSource;
  matcher: LineMatcher;
  /** How many bytes are read at once: half of the room in a block of the matcher. */
  readBytes: number;
  /** Knows the form of the export, and takes what the matcher does not know. */
  reader: ExportReader;
  /** Whether the last byte that the reader has taken ended a text. */
  isBetweenTexts: boolean;
  onRuns: MatchListener["onRuns"];
}

/**
 * Reads the rest of an export in blocks. What the matcher recognises is told as runs of lines; everything else is pushed to the reader. Both
 * happen in the order of the export as far as the order of lines of one source goes, so that the result is the same as if the reader had taken
 * everything.
 */
export async function readMatching(reading: MatchedReading): Promise<void> {
  const { source, matcher, readBytes, reader, onRuns } = reading;
  const blocks = Array.from({ length: matcherBlocks }, (_, index) => matcher.block(index));
  const fill = (index: number) => {
    const filled = source.read(blocks[index]!.subarray(readBytes));
    // A failure is met when the block is needed, if it ever is.
    filled.catch(() => {});
    return filled;
  };
  let known = 0;
  const learn = () => {
    const { wrappings = [] } = reader;
    for (const wrapping of wrappings.slice(known)) matcher.know(wrapping);
    known = wrappings.length;
  };
  let isWithinText = !reading.isBetweenTexts;
  /** Bytes at the end of the room before a block: the beginning of its first text. */
  let carried = 0;
  let filling = fill(0);
  for (let index = 0; ; index = 1 - index) {
    learn();
    const read = await filling;
    const block = blocks[index]!;
    let start = readBytes - carried;
    const end = readBytes + read;
    if (read === 0) {
      pushAll(reader, block.subarray(start, end));
      return;
    }
    const next = 1 - index;
    filling = fill(next);
    if (isWithinText) {
      const textEnd = block.subarray(0, end).indexOf(newline, start) + 1 || end;
      isWithinText = block[textEnd - 1] !== newline;
      pushAll(reader, block.subarray(start, textEnd));
      start = textEnd;
    }
    const lastEnd = Math.max(start, block.lastIndexOf(newline, end - 1) + 1);
    const onOther = (from: number, to: number) => pushAll(reader, block.subarray(from, to));
    if (lastEnd > start) matcher.match(index, start, lastEnd, { onRuns, onOther });
    carried = end - lastEnd;
    if (carried <= readBytes) {
      block.copy(blocks[next]!, readBytes - carried, lastEnd, end);
    } else {
      // A text that is longer than what is read at once.
      pushAll(reader, block.subarray(lastEnd, end));
      isWithinText = true;
      carried = 0;
    }
  }
}

/** Pushes copies, because the memory of the bytes is filled again. */
function pushAll(reader: ExportReader, bytes: Buffer): void {
  for (let start = 0; start < bytes.length; start += pushBytes)
    reader.push(Buffer.from(bytes.subarray(start, start + pushBytes)));
}
