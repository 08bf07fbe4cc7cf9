import { writeSync } from "node:fs";
import type { LineOutput } from "../paced-lines.ts";

const retryMs = 1;
const longestWaitMs = 60_000;

/** Writes lines to a pipe, which is the stdout of this process and stays open. */
export class PipeOutput implements LineOutput {
  readonly #descriptor: number;
  readonly #sleeper = new Int32Array(new SharedArrayBuffer(4));

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /**
   * Returns when the pipe has accepted all bytes. While the pipe is full, this blocks the thread.
   *
   * @throws Error if the pipe accepts nothing for a minute
   */
  append(bytes: Uint8Array): void {
    let deadlineMs = Date.now() + longestWaitMs;
    for (let done = 0; done < bytes.length; ) {
      const taken = this.#write(bytes, done);
      if (taken > 0) deadlineMs = Date.now() + longestWaitMs;
      else if (Date.now() > deadlineMs)
        throw new Error(`stdout accepted nothing for ${longestWaitMs / 1_000} s`);
      else Atomics.wait(this.#sleeper, 0, 0, retryMs);
      done += taken;
    }
  }

  close(): void {}

  /** @returns how many bytes were accepted; 0 if a non-blocking pipe is full */
  #write(bytes: Uint8Array, from: number): number {
    try {
      return writeSync(this.#descriptor, bytes, from);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === "EAGAIN") return 0;
      throw thrown;
    }
  }
}
