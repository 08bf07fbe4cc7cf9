import type { ForeignLines, SharedStream } from "../sink.ts";

/** Finds, in files that hold lines of a run, the first one that holds lines of others as well. */
export class ForeignFileLines {
  readonly #seed: string;
  readonly #shared = new Map<string, SharedStream>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** @param path the file that a line stands in */
  add(path: string, line: string): void {
    // By the seed alone: a damaged line bears it still.
    if (line.includes(`${this.#seed}/`)) return;
    const known = this.#shared.get(path);
    if (known === undefined) this.#shared.set(path, { stream: path, lines: 1, sample: line });
    else known.lines++;
  }

  /** @param beside the files without a line of the run */
  found(beside: string[]): ForeignLines {
    return { beside, shared: this.#shared.values().next().value };
  }
}
