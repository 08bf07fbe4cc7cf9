import { Worker } from "node:worker_threads";
import { UnavailableError, UsageError } from "../base/errors.ts";
import { moduleExtension } from "../base/installation.ts";
import { areFilesRead, fileLocation } from "./file-location.ts";
import type { GeneratorCommand, GeneratorData, GeneratorMessage } from "./generator-worker.ts";
import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LinesLocation } from "./lines-location.ts";
import { type Crash, clockFromNow, type LoadPlan, type Rotation, type RotationMethod } from "./load-plan.ts";
import type { LoadWriter } from "./load-writer.ts";

/**
 * Writes numbered lines at a set rate from a separate thread, so that a busy main thread delays no line. Each source is an append-only
 * file, and creating it writes the sentinel.
 */
export class Generator implements LoadWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly finished: Promise<Ledger>;
  readonly #worker: Worker;
  readonly #written: BigInt64Array<SharedArrayBuffer>;
  #ended = false;
  #rotated: ((rotations: Rotation[]) => void) | undefined;

  /** Creates the files and writes the sentinel of each source; `start` begins to write the lines. */
  constructor(plan: LoadPlan) {
    this.plan = plan;
    this.clock = clockFromNow(plan);
    this.#written = new BigInt64Array(new SharedArrayBuffer(8 * plan.sources.length));
    const workerData: GeneratorData = { plan, clock: this.clock, written: this.#written };
    this.#worker = new Worker(new URL(`generator-worker${moduleExtension}`, import.meta.url), { workerData });
    this.finished = this.#listen();
    // A rejection before anybody awaits the promise must not count as unhandled.
    this.finished.catch(() => {});
  }

  start(): void {
    this.#tell({ kind: "start" });
  }

  stop(): void {
    this.#tell({ kind: "stop" });
  }

  endAt(lines: number): void {
    this.#tell({ kind: "end-at", lines });
  }

  get location(): LinesLocation {
    return fileLocation(this.plan);
  }

  /** The shipper reads the same files as everybody. */
  async meetShipper(): Promise<void> {}

  isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean> {
    return areFilesRead(this.location, readBytes);
  }

  get written(): number {
    return this.#written.reduce((sum, count) => sum + Number(count), 0);
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  soFar(): Ledger {
    const written = this.plan.sources.map((_, index) => Number(Atomics.load(this.#written, index)));
    return this.#ledgerOf(
      this.plan.sources.map((source, index) => ({ source, written: written[index]!, marks: [] })),
    );
  }

  async rotate(method: RotationMethod): Promise<Rotation[]> {
    if (method === "own") throw new UsageError("the generator rotates no file of its own accord.");
    if (this.#ended) return [];
    const rotations = new Promise<Rotation[]>((resolve) => {
      this.#rotated = resolve;
    });
    this.#tell({ kind: "rotate", method });
    return Promise.race([rotations, this.finished.then(() => [])]);
  }

  async crash(): Promise<Crash[]> {
    throw new UsageError("the generator is part of Everyline and cannot be killed separately.");
  }

  #tell(command: GeneratorCommand): void {
    this.#worker.postMessage(command);
  }

  async #listen(): Promise<Ledger> {
    try {
      return await new Promise((resolve, reject) => {
        this.#worker.on("error", reject);
        this.#worker.on("exit", () => reject(new Error("the generator ended without a ledger")));
        this.#worker.on("message", (message: GeneratorMessage) => {
          if (message.kind === "done") resolve(this.#ledgerOf(message.sources));
          else if (message.kind === "failed") reject(this.#writeFailure(message));
          else this.#rotated?.(message.rotations);
        });
      });
    } finally {
      this.#ended = true;
    }
  }

  #ledgerOf(sources: Ledger["sources"]): Ledger {
    const { seed, line } = this.plan;
    return {
      schema: "everyline/ledger@1",
      seed,
      clock: this.clock,
      ...(line && { line: { template: line.template } }),
      sources,
    };
  }

  #writeFailure({ message, code }: { message: string; code: string | undefined }): Error {
    if (code === "ENOSPC" || code === "EDQUOT") {
      return new UnavailableError(
        `the disk is full: a line could not be written to ${this.plan.folder}. ` +
          "Free some space there, or choose another disk with --out DIR.",
      );
    }
    return new UnavailableError(`a line could not be written to ${this.plan.folder}: ${message}`);
  }
}
