import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { messageOf, UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { ReadError } from "../read-error.ts";
import { decoded, peeked } from "./codings.ts";
import { exportReader, headBytes } from "./export-reader.ts";

/** The path that stands for standard input. */
const standardInput = "-";

/** How much of an export was read. */
export interface ExportExtent {
  lines: number;
  /** Lines of which only the first `maxLineBytes` were looked at. */
  oversizedLines: number;
}

/** An export that was read: how much, and how. */
export interface ReadExport extends ExportExtent {
  /** In which form the lines stood, in words: `raw lines`, `gzip, in it docker compose logs`. */
  form: string;
}

const chunkBytes = 65_536;

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
 * Reads an export to its end, in bounded memory: raw lines, or lines in any of the forms in `forms`, packed by gzip or in UTF-16 too.
 *
 * @param path a file, or `-` for standard input
 * @param onLine takes each raw line; a line that is too long comes cut, and is counted
 * @throws ReadError if the read fails half way
 * @throws UsageError if the lines are in a form that is not read, or it is no export
 */
export async function readExport(
  path: string,
  codec: LineCodec,
  onLine: (text: string) => void,
): Promise<ReadExport> {
  let lines = 0;
  const count = (text: string) => {
    lines++;
    onLine(text);
  };
  try {
    const { chunks: bytes, codings } = await decoded(bytesOf(path), path);
    const { head, chunks } = await peeked(bytes, headBytes);
    const reader = exportReader(head, { path, codec, onLine: count });
    for await (const chunk of chunks) reader.push(chunk);
    reader.end();
    const forms = reader.forms.length > 0 ? reader.forms : ["raw lines"];
    return { lines, oversizedLines: reader.oversizedLines, form: [...codings, ...forms].join(", in it ") };
  } catch (thrown) {
    throw failureOf(thrown, path, lines);
  }
}

function bytesOf(path: string): AsyncIterable<Buffer> {
  return path === standardInput ? process.stdin : createReadStream(path, { highWaterMark: chunkBytes });
}

function failureOf(thrown: unknown, path: string, lines: number): unknown {
  if (!isReadFailure(thrown)) return thrown;
  return new ReadError(
    `reading ${path} failed after ${lines} lines: ${thrown.message}. Nothing is known of the rest; copy the file and try again.`,
  );
}

/** A system call that failed, or a packed file that is cut off or damaged. */
function isReadFailure(thrown: unknown): thrown is NodeJS.ErrnoException {
  if (!(thrown instanceof Error)) return false;
  return "syscall" in thrown || ("code" in thrown && String(thrown.code).startsWith("Z_"));
}
