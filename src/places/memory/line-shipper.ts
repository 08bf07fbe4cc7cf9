import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../base/abortable-pause.ts";
import type { EndMethod } from "../instance.ts";
import { type FilePosition, FollowedFile } from "./followed-file.ts";
import type { Program } from "./program.ts";

const lookMs = 10;
const mostLinesAtOnce = 500;

/** How a shipper works. */
export interface LineShipperOptions {
  /** The folder with a file `SOURCE.log` for each source. */
  folder: string;
  /** Hands lines over; returns whether they were acknowledged. */
  deliver: (source: string, lines: readonly string[]) => boolean;
  /** How often it tries again before it gives lines up; for ever if 0. */
  retries: number;
  /** Before the first retry; doubled with each, up to the longest. */
  firstRetryMs: number;
  longestRetryMs: number;
  /** Whether the positions on its disk are those of what was acknowledged, and not of what was read. */
  savesAcknowledged: boolean;
}

/** The beginning of the memory pipeline: reads log files, and delivers their lines, with retries. */
export class LineShipper implements Program {
  readonly #options: LineShipperOptions;
  /** On its disk. */
  readonly #positions = new Map<string, FilePosition>();
  #life = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #isPaused = false;
  #isEnding = false;

  constructor(options: LineShipperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#life = new AbortController();
    this.#isPaused = false;
    this.#isEnding = false;
    this.#work = this.#run(this.#life.signal);
  }

  /** With `term` it delivers what it holds, but does not wait for a next try. */
  async end(how: EndMethod): Promise<string> {
    if (how === "term") this.#isEnding = true;
    else this.#life.abort();
    await this.#work;
    return how === "term" ? "ended" : "killed";
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const files = new Map<string, FollowedFile>();
    try {
      while (!this.#isEnding) {
        for (const source of sourcesIn(this.#options.folder)) {
          const file =
            files.get(source) ??
            new FollowedFile(join(this.#options.folder, `${source}.log`), this.#positions.get(source));
          files.set(source, file);
          await this.#shipNew(source, file, signal);
        }
        await pause(lookMs, signal);
      }
    } catch (thrown) {
      if (!signal.aborted) throw thrown;
    } finally {
      for (const file of files.values()) file.close();
    }
  }

  async #shipNew(source: string, file: FollowedFile, signal: AbortSignal): Promise<void> {
    await this.#untilAwake(signal);
    const lines = file.read();
    const save = () => this.#positions.set(source, file.position);
    if (!this.#options.savesAcknowledged) save();
    for (let start = 0; start < lines.length; start += mostLinesAtOnce) {
      const isHandled = await this.#deliver(source, lines.slice(start, start + mostLinesAtOnce), signal);
      // What was not delivered before it ended is read again.
      if (!isHandled) return;
    }
    save();
  }

  /** @returns whether the lines were acknowledged or given up; false if it ended before */
  async #deliver(source: string, lines: string[], signal: AbortSignal): Promise<boolean> {
    const { deliver, retries, firstRetryMs, longestRetryMs } = this.#options;
    let waitMs = firstRetryMs;
    for (let attempt = 0; !deliver(source, lines); attempt++) {
      if (retries > 0 && attempt === retries) return true;
      if (this.#isEnding) return false;
      await pause(waitMs, signal);
      await this.#untilAwake(signal);
      waitMs = Math.min(2 * waitMs, longestRetryMs);
    }
    return true;
  }

  async #untilAwake(signal: AbortSignal): Promise<void> {
    while (this.#isPaused) await pause(lookMs, signal);
  }
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .map((name) => name.slice(0, -".log".length));
}
