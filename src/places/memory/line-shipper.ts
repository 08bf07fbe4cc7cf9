import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../base/abortable-pause.ts";
import type { EndMethod } from "../instance.ts";
import { type FilePosition, FollowedFile } from "./followed-file.ts";
import type { Program } from "./program.ts";

const lookMs = 10;
const mostLinesAtOnce = 500;

/** The settings of a shipper. */
export interface LineShipperOptions {
  /** The folder with a file `SOURCE.log` for each source. */
  folder: string;
  /** Delivers lines; returns whether they were acknowledged. */
  deliver: (source: string, lines: readonly string[]) => boolean;
  /** How often it retries before it drops lines; without end if 0. */
  retries: number;
  /** The wait before the first retry; it doubles with each retry, up to the longest wait. */
  firstRetryMs: number;
  longestRetryMs: number;
  /** What it delivers in place of a line, as stages of a shipper do; the line itself if absent. */
  rewrite?: ((line: string) => string) | undefined;
  /** Whether it saves the positions of acknowledged lines; otherwise those of lines that were read. */
  savesAcknowledged: boolean;
}

/** The shipper of the memory pipeline: reads log files and delivers their lines, with retries. */
export class LineShipper implements Program {
  readonly #options: LineShipperOptions;
  /** The positions on its disk, which survive a kill. */
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

  /** With `term` it tries once to deliver the lines that it holds, without retries. */
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
    const { rewrite = (line) => line } = this.#options;
    const lines = file.read().map(rewrite);
    const save = () => this.#positions.set(source, file.position);
    if (!this.#options.savesAcknowledged) save();
    for (let start = 0; start < lines.length; start += mostLinesAtOnce) {
      const isHandled = await this.#deliver(source, lines.slice(start, start + mostLinesAtOnce), signal);
      // Lines that were not delivered before it ended are read again after the next start.
      if (!isHandled) return;
    }
    save();
  }

  /** @returns true if the lines were acknowledged or dropped; false if the shipper ended before */
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
