import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { EndMethod } from "../instance.ts";
import type { Program } from "./program.ts";

/** A stored line. */
export interface StoredLine {
  source: string;
  /** Unix nanoseconds; no two lines of a store have the same. */
  timestampNs: bigint;
  line: string;
}

/** The settings of a store. */
export interface LineStoreOptions {
  /** Whether a line is on the disk when it is acknowledged; otherwise only after a flush. */
  isDurable: boolean;
  /** Every line whose number is divisible by this is acknowledged and dropped; none if 0. */
  losesEvery: number;
  /** How many lines it takes in a second; while it is busy with lines it refuses others. As many as there are if absent. */
  linesPerSecond?: number;
}

/** The sink of the memory pipeline: accepts lines, and returns them when it is read. */
export class LineStore implements Program {
  readonly #options: LineStoreOptions;
  /** The file that its disk is, line by line; it has none where a sink asks it for its lines. */
  readonly #file: string | undefined;
  readonly #disk: StoredLine[] = [];
  /** Lines that a kill would lose. */
  #memory: StoredLine[] = [];
  #received = 0;
  #newestNs = 0n;
  #busyUntilMs = 0;

  constructor(options: LineStoreOptions, file?: string) {
    this.#options = options;
    this.#file = file;
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  }

  /** Whether it refuses lines now, because it is still busy with those that it has accepted. */
  get isBusy(): boolean {
    return performance.now() < this.#busyUntilMs;
  }

  /** Accepts lines of a source. They are acknowledged when this returns. */
  push(source: string, lines: readonly string[]): void {
    const { isDurable, losesEvery, linesPerSecond } = this.#options;
    if (linesPerSecond !== undefined)
      this.#busyUntilMs =
        Math.max(this.#busyUntilMs, performance.now()) + (lines.length * 1_000) / linesPerSecond;
    for (const line of lines) {
      this.#received++;
      if (losesEvery > 0 && this.#received % losesEvery === 0) continue;
      const nowNs = BigInt(Date.now()) * 1_000_000n;
      this.#newestNs = nowNs > this.#newestNs ? nowNs : this.#newestNs + 1n;
      const stored = { source, timestampNs: this.#newestNs, line };
      if (isDurable) this.#store([stored]);
      else this.#memory.push(stored);
    }
  }

  /** All lines, oldest first. */
  get lines(): readonly StoredLine[] {
    return [...this.#disk, ...this.#memory];
  }

  /** How many lines it has accepted since it was started, including those that it dropped. */
  get received(): number {
    return this.#received;
  }

  /** Writes all lines to the disk. */
  flush(): void {
    this.#store(this.#memory);
    this.#memory = [];
  }

  #store(lines: readonly StoredLine[]): void {
    this.#disk.push(...lines);
    if (this.#file === undefined || lines.length === 0) return;
    appendFileSync(this.#file, lines.map(({ line }) => `${line}\n`).join(""));
  }

  start(): void {
    this.#received = 0;
  }

  async end(how: EndMethod): Promise<string> {
    if (how === "term") this.flush();
    const forgotten = this.#memory.length;
    this.#memory = [];
    return how === "term"
      ? "ended, everything is on the disk"
      : `killed, ${forgotten} lines were only in memory`;
  }

  setPaused(): void {
    // Nothing to do: callers check whether the instance runs before they use the store.
  }
}
