import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { messageOf, UsageError } from "../errors.ts";
import type { LineCodec } from "../load/line.ts";
import { rawLineOf } from "./envelope.ts";
import { LineSplitter } from "./line-splitter.ts";
import { ReadError } from "./read-error.ts";

/** The path that stands for standard input. */
const standardInput = "-";

/** How much of an export was read. */
export interface ExportExtent {
  lines: number;
  /** Lines of which only the first `maxLineBytes` were looked at. */
  oversizedLines: number;
}

const chunkBytes = 65_536;
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/**
 * Finds out whether an export can be read at all, before any is.
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

/**
 * Reads an export to its end, in bounded memory: raw lines, JSON objects that carry them (`logcli --output=jsonl`, Docker's
 * json-file, …), or a mixture.
 *
 * @param path a file, or `-` for standard input
 * @param onLine takes each raw line; a line that is too long comes cut, and is counted
 * @throws ReadError if the read fails half way
 * @throws UsageError if the file is compressed
 */
export async function readExport(
  path: string,
  codec: LineCodec,
  onLine: (text: string) => void,
): Promise<ExportExtent> {
  const splitter = new LineSplitter((text) => onLine(rawLineOf(text, codec)));
  const stream =
    path === standardInput ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
  let isFirst = true;
  try {
    for await (const chunk of stream) {
      if (isFirst) assertUncompressed(chunk, path);
      isFirst = false;
      splitter.push(chunk);
    }
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    throw new ReadError(
      `reading ${path} failed after ${splitter.lines} lines: ${thrown.message}. Nothing is known of the rest; copy the file and try again.`,
    );
  }
  splitter.end();
  return { lines: splitter.lines, oversizedLines: splitter.oversizedLines };
}

function assertUncompressed(start: Buffer, path: string): void {
  if (!start.subarray(0, gzipMagic.length).equals(gzipMagic)) return;
  throw new UsageError(
    `expected raw lines, found gzip in ${path}; unpack it first, as in: zcat FILE | everyline verify --ledger LEDGER -`,
  );
}

function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException {
  return thrown instanceof Error && "syscall" in thrown;
}
