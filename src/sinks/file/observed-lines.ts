import { createReadStream } from "node:fs";
import { access, constants, open, stat } from "node:fs/promises";
import { EverylineError, exitCodes, messageOf, UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import type { LineMatchers } from "../../load/matcher/line-matchers.ts";
import { type LineRuns, linesIn } from "../../load/matcher/line-runs.ts";
import { type ByteSource, bytesOfChunks, bytesOfFile } from "./byte-source.ts";
import { decoded, peeked } from "./codings.ts";
import { exportReader, headBytes } from "./export-reader.ts";
import type { ExportReader } from "./export-target.ts";
import { readMatching } from "./matched-reading.ts";

/** The path that stands for standard input. */
const standardInput = "-";

/** An export that could not be read to its end: nothing is known of the rest. */
export class BrokenExportError extends EverylineError {
  override readonly name = "BrokenExportError";
  readonly exitCode = exitCodes.unknown;
}

/** How much of an export was read. */
export interface ExportExtent {
  lines: number;
  /** Lines of which only the first `maxLineBytes` were checked. */
  oversizedLines: number;
}

/** An export that was read: the number of lines and the format. */
export interface ReadExport extends ExportExtent {
  /** The format of the lines, in words: `raw lines`, `gzip, in it docker compose logs`. */
  form: string;
}

const chunkBytes = 65_536;
/** Somewhat more than the lines that decide on a form have. */
const pieceBytes = 16_384;
const newline = 0x0a;

/**
 * Checks whether an export can be read, before any export is read.
 *
 * @throws UsageError if it does not exist, may not be read or is a directory
 */
export async function assertReadable(path: string): Promise<void> {
  if (path === standardInput) return;
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
    await access(path, constants.R_OK);
  } catch (thrown) {
    throw new UsageError(
      `cannot read ${path}: ${messageOf(thrown)}. Pass files of raw lines that exist and may be read.`,
    );
  }
  if (isDirectory) {
    throw new UsageError(
      `expected a file of raw lines, found the directory ${path}; pass its files, as in ${path}/*.log.`,
    );
  }
}

/** What is told of an export while it is read. */
export interface ExportListener {
  /** Takes each raw line; a line that is too long comes cut, and is counted. */
  onLine: (text: string) => void;
  /** Takes the bytes that the lines are found in, unpacked, before they are. */
  onBytes?: (chunk: Buffer) => void;
}

/** Who takes intact lines as runs, which is much faster than each as a text. */
export interface RunListener {
  matchers: LineMatchers;
  onRuns: (runs: LineRuns) => void;
}

/** Who takes the intact lines of a codec's run as runs; undefined if nobody does. */
export type RunsOf = (codec: LineCodec) => RunListener | undefined;

/** Which of several runs the beginning of an export belongs to. */
export type CodecChoice = (head: Buffer) => LineCodec;

/**
 * Reads an export to its end, in bounded memory: raw lines, or lines in any of the formats in `forms`, also gzipped or in UTF-16.
 *
 * @param path a file, or `-` for standard input
 * @param codec of the run; or, of several, the one that the beginning of the export belongs to
 * @param onLine takes each raw line; a line that is too long comes cut, and is counted
 * @param runsOf who takes most of the intact lines of a codec's run instead, if anybody
 * @throws BrokenExportError if reading fails before the end
 * @throws UsageError if the lines have a format that is not read, or the file is not an export
 */
export async function readExport(
  path: string,
  codec: LineCodec | CodecChoice,
  onLine: (text: string) => void,
  runsOf?: RunsOf,
): Promise<ReadExport> {
  if (runsOf === undefined || path === standardInput || !(await stat(path)).isFile())
    return readExportBytes(bytesOf(path), path, codec, { onLine }, runsOf);
  await using file = await open(path);
  const restOf = (position: number) => bytesOfFile(file, position);
  return await readExportBytes(bytesOf(path), path, codec, { onLine }, runsOf, restOf);
}

/**
 * The same of bytes from anywhere.
 *
 * @param path the name of the bytes in messages
 * @param restOf reads the same bytes, from one of them on, faster than they come
 */
export async function readExportBytes(
  source: AsyncIterable<Buffer>,
  path: string,
  codecOrChoice: LineCodec | CodecChoice,
  { onLine, onBytes = () => {} }: ExportListener,
  runsOf: RunsOf = () => undefined,
  restOf?: (position: number) => ByteSource,
): Promise<ReadExport> {
  let lines = 0;
  const count = (text: string) => {
    lines++;
    onLine(text);
  };
  try {
    const { chunks: bytes, codings } = await decoded(source, path);
    const { head, chunks } = await peeked(bytes, headBytes);
    const codec = typeof codecOrChoice === "function" ? codecOrChoice(head) : codecOrChoice;
    const runs = runsOf(codec);
    const reader = exportReader(head, { path, codec, onLine: count });
    const iterator = chunks[Symbol.asyncIterator]();
    const begun = await pushUntilKnown(iterator, reader, onBytes, runs !== undefined);
    if (begun !== undefined) {
      const rest = codings.length === 0 ? restOf?.(begun.bytes) : undefined;
      if (rest !== undefined) await iterator.return?.();
      const onRuns = (found: LineRuns) => {
        lines += linesIn(found);
        runs!.onRuns(found);
      };
      await readRest(rest ?? bytesOfChunks(iterator, begun.left), begun, reader, { ...runs!, onRuns });
    }
    reader.end();
    const forms = reader.forms.length > 0 ? reader.forms : ["raw lines"];
    return { lines, oversizedLines: reader.oversizedLines, form: [...codings, ...forms].join(", in it ") };
  } catch (thrown) {
    throw failureOf(thrown, path, lines);
  }
}

/** How far an export was read when it was known in which form its lines stand. */
interface Begun {
  bytes: number;
  isBetweenTexts: boolean;
  /** The bytes after those, as far as they have come. */
  left: Buffer;
}

/** Pushes all bytes, or those up to the one at which the form of the lines is known: then it says so. */
async function pushUntilKnown(
  chunks: AsyncIterator<Buffer>,
  reader: ExportReader,
  onBytes: (chunk: Buffer) => void,
  mayEnd: boolean,
): Promise<Begun | undefined> {
  let bytes = 0;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    const chunk = next.value;
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      const piece = chunk.subarray(start, start + pieceBytes);
      onBytes(piece);
      reader.push(piece);
      bytes += piece.length;
      if (mayEnd && (reader.wrappings?.length ?? 0) > 0)
        return {
          bytes,
          isBetweenTexts: piece.at(-1) === newline,
          left: chunk.subarray(start + piece.length),
        };
    }
  }
  return undefined;
}

async function readRest(
  source: ByteSource,
  { isBetweenTexts }: Begun,
  reader: ExportReader,
  { matchers, onRuns }: RunListener,
): Promise<void> {
  const matcher = matchers.matcherFor(reader.wrappings![0]!.spelling);
  await readMatching({ source, matcher, readBytes: matchers.readBytes, reader, isBetweenTexts, onRuns });
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  return path === standardInput ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
}

/** What a failed system call or a damaged compressed file means for whoever wants the lines; any other error as it is. */
export function failureOf(thrown: unknown, path: string, lines: number): unknown {
  if (!isReadFailure(thrown)) return thrown;
  return new BrokenExportError(
    `reading ${path} failed after ${lines} lines: ${thrown.message}. Nothing is known of the rest; copy the file and try again.`,
  );
}

/** A failed system call, or a compressed file that is truncated or damaged. */
function isReadFailure(thrown: unknown): thrown is NodeJS.ErrnoException {
  if (!(thrown instanceof Error)) return false;
  return "syscall" in thrown || ("code" in thrown && String(thrown.code).startsWith("Z_"));
}
