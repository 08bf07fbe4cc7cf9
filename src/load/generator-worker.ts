import { closeSync, copyFileSync, fstatSync, ftruncateSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { fileLocation } from "./file-location.ts";
import type { LineClock } from "./line.ts";
import { type LoadPlan, type Rotation, type RotationMethod, shareOf } from "./load-plan.ts";
import { type LineOutput, PacedLines, type WrittenSource } from "./paced-lines.ts";

type ForcedRotation = Exclude<RotationMethod, "own">;

/** A command to the worker. */
export type GeneratorCommand =
  | { kind: "start" }
  | { kind: "stop" }
  | { kind: "end-at"; lines: number }
  | { kind: "rotate"; method: ForcedRotation };

/** A message from the worker: its ledger at the end, the result of a rotation, or the reason why it failed. */
export type GeneratorMessage =
  | { kind: "done"; sources: WrittenSource[] }
  | { kind: "rotated"; rotations: Rotation[] }
  | { kind: "failed"; message: string; code: string | undefined };

/** The data with which the worker is started. `written` is shared memory with one counter for each source. */
export interface GeneratorData {
  plan: LoadPlan;
  clock: LineClock;
  written: BigInt64Array<SharedArrayBuffer>;
}

/** One log file. */
class LogFile implements LineOutput {
  readonly #path: string;
  #descriptor: number;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = openSync(path, "a");
  }

  append(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) done += writeSync(this.#descriptor, bytes, done);
  }

  /** @returns the size of the file that was rotated, in bytes */
  rotate(method: ForcedRotation): number {
    const { size } = fstatSync(this.#descriptor);
    const rotated = `${this.#path}.${Date.now()}`;
    if (method === "copytruncate") {
      // Unlike with logrotate, no line can be written between copy and truncation, so any line that is lost was lost by the shipper.
      copyFileSync(this.#path, rotated);
      ftruncateSync(this.#descriptor, 0);
    }
    if (method === "rename" || method === "rename-create") renameSync(this.#path, rotated);
    if (method === "create" || method === "rename-create") {
      closeSync(this.#descriptor);
      this.#descriptor = openSync(this.#path, "a");
    }
    return size;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Writes the lines of a plan to files. */
class FileGenerator {
  readonly #plan: LoadPlan;
  readonly #written: BigInt64Array<SharedArrayBuffer>;
  readonly #files: LogFile[];
  readonly #lines: PacedLines<LogFile>;
  /** Whether the last line of the load is already decided. */
  #hasEnd: boolean;

  constructor({ plan, clock, written }: GeneratorData) {
    const { folder, seed, line, lines, mostLines = lines, sources } = plan;
    this.#plan = plan;
    this.#written = written;
    this.#hasEnd = mostLines <= lines;
    this.#files = fileLocation(plan).fileNames.map((name) => new LogFile(join(folder, name)));
    this.#lines = new PacedLines({
      seed,
      clock,
      line,
      sources: this.#files.map((output, index) => ({
        source: sources[index]!,
        lines: shareOf(mostLines, index, sources.length),
        output,
      })),
      onWritten: (index, upTo) => Atomics.store(written, index, BigInt(upTo)),
      onEnd: (done) => {
        tell({ kind: "done", sources: done });
        parentPort!.close();
      },
      onFailure: fail,
    });
  }

  do(command: GeneratorCommand): void {
    if (command.kind === "start") this.#lines.start();
    else if (command.kind === "stop") this.#lines.stop();
    else if (command.kind === "end-at") this.#endAt(command.lines);
    else tell({ kind: "rotated", rotations: this.#rotate(command.method) });
  }

  #endAt(lines: number): void {
    if (this.#hasEnd) return;
    this.#hasEnd = true;
    const { sources } = this.#plan;
    this.#lines.endAt(sources.map((_, index) => shareOf(lines, index, sources.length)));
  }

  #rotate(method: ForcedRotation): Rotation[] {
    return this.#files.map((file, index) => ({
      source: this.#plan.sources[index]!,
      bytes: file.rotate(method),
      afterSequence: Number(this.#written[index]!),
    }));
  }
}

function tell(message: GeneratorMessage): void {
  parentPort!.postMessage(message);
}

function fail(thrown: unknown): void {
  const { message, code } = thrown as NodeJS.ErrnoException;
  tell({ kind: "failed", message, code });
  parentPort!.close();
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    fail(thrown);
  }
}

guarded(() => {
  const generator = new FileGenerator(workerData as GeneratorData);
  parentPort!.on("message", (command: GeneratorCommand) => guarded(() => generator.do(command)));
});
