import type { EndMethod } from "../instance.ts";

/** What runs in an instance of the memory place. */
export interface Program {
  /** Starts from the state on its disk. */
  start(): void;
  /**
   * Ends. `term` is a graceful shutdown; after `kill` only what was on the disk is left.
   *
   * @returns a line for its log
   */
  end(how: EndMethod): Promise<string>;
  /** Suspends or resumes it. */
  setPaused(isPaused: boolean): void;
}
