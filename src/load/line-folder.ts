import { type FileHandle, mkdir, open, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, UnavailableError, UsageError } from "../base/errors.ts";
import type { Ledger } from "./ledger.ts";
import type { LinesOfRun } from "./line.ts";
import { LineEncoder } from "./line-encoder.ts";
import { shareOf } from "./load-plan.ts";
import { TextBlock } from "./text-block.ts";

/** What to write into a folder. */
export interface LineFolderPlan extends LinesOfRun {
  /** A folder that is empty or does not exist. */
  dir: string;
  /** Lines over all sources, distributed round robin over app-1, app-2, … */
  lines: number;
  sources: number;
}

const blockBytes = 262_144;
const averageLineBytes = 200;
const outOfSpace = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/**
 * Writes SOURCE.log for each source and, as the last file, ledger.json, so that a folder with a ledger is complete. The same plan
 * gives the same bytes: the ledger has no marks, because the times of writing mean nothing here.
 *
 * @param signal stops the writing; what was written is removed
 * @throws UsageError if the folder is not empty or cannot be created
 * @throws UnavailableError if there is no room; what was written is removed
 */
export async function writeLineFolder(plan: LineFolderPlan, signal: AbortSignal): Promise<Ledger> {
  const created = await makeEmptyFolder(plan.dir);
  const ledger = ledgerOf(plan);
  const paths = ledger.sources.map(({ source }) => join(plan.dir, `${source}.log`));
  const ledgerPath = join(plan.dir, "ledger.json");
  try {
    const encoders = LineEncoder.ofSources(
      plan,
      ledger.sources.map(({ source }) => source),
    );
    for (const [index, { written }] of ledger.sources.entries()) {
      await writeLines(paths[index]!, encoders[index]!, written, signal);
    }
    await writeFile(ledgerPath, `${JSON.stringify(ledger)}\n`, { flag: "wx" });
  } catch (thrown) {
    // What was there before, even if only the empty folder, stays.
    await Promise.all(
      (created ? [created] : [...paths, ledgerPath]).map((path) =>
        rm(path, { recursive: true, force: true }),
      ),
    );
    throw isOutOfSpace(thrown) ? noRoom(plan, thrown) : thrown;
  }
  return ledger;
}

/** Returns the topmost folder that had to be created, if any. */
async function makeEmptyFolder(dir: string): Promise<string | undefined> {
  try {
    const created = await makeFolder(dir);
    if ((await readdir(dir)).length === 0) return created;
  } catch (thrown) {
    if (isOutOfSpace(thrown))
      throw new UnavailableError(`no room for the folder ${dir}: ${messageOf(thrown)}.`);
    throw new UsageError(
      `cannot write to the folder ${dir}: ${messageOf(thrown)}. Choose another with --out.`,
    );
  }
  throw new UsageError(
    `expected ${dir} to be empty or absent, found files in it; remove them or choose another folder with --out.`,
  );
}

/** Not `mkdir` with `recursive`, which never returns if the system refuses a folder with ENOENT, as in /proc. */
async function makeFolder(dir: string): Promise<string | undefined> {
  try {
    await mkdir(dir);
    return dir;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return undefined;
    if (codeOf(thrown) !== "ENOENT") throw thrown;
  }
  const created = await makeFolder(dirname(dir));
  await mkdir(dir);
  return created ?? dir;
}

function ledgerOf({ seed, clock, line, lines, sources }: LineFolderPlan): Ledger {
  return {
    schema: "everyline/ledger@1",
    seed,
    clock,
    ...(line && { line: { template: line.template } }),
    sources: Array.from({ length: sources }, (_, index) => ({
      source: `app-${index + 1}`,
      written: shareOf(lines, index, sources),
      marks: [],
    })),
  };
}

/** Writes the lines of a source; while one block is written, the next one is filled. */
async function writeLines(
  path: string,
  encoder: LineEncoder,
  count: number,
  signal: AbortSignal,
): Promise<void> {
  await using file = await open(path, "wx");
  let filling = new TextBlock(blockBytes + encoder.longestBytes);
  let inWriting = new TextBlock(blockBytes + encoder.longestBytes);
  let written = Promise.resolve();
  for (let sequence = 1; sequence <= count; ) {
    sequence = encoder.fill(filling, sequence, count) + 1;
    await written;
    signal.throwIfAborted();
    written = writeAll(file, filling.content);
    [filling, inWriting] = [inWriting, filling];
  }
  await written;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done)).bytesWritten;
}

function isOutOfSpace(thrown: unknown): boolean {
  return outOfSpace.has(codeOf(thrown));
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
}

function noRoom({ dir, lines }: LineFolderPlan, thrown: unknown): UnavailableError {
  const megabytes = Math.ceil((lines * averageLineBytes) / 1_000_000);
  return new UnavailableError(
    `no room for ${lines} lines, about ${megabytes} MB, in ${dir}: ${messageOf(thrown)}. ` +
      "What was written has been removed; free some space or choose another folder with --out.",
  );
}
