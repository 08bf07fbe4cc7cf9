import type { EndMethod } from "../instance.ts";

/** What runs in an instance of the memory place. */
export interface Program {
  /** Begins with what is on its disk. */
  start(): void;
  /**
   * Ends. After `term` everything has been put in order, after `kill` only what was on the disk is left.
   *
   * @returns what it says of that, for its log
   */
  end(how: EndMethod): Promise<string>;
  /** Stops where it is, until it is told to go on. */
  setPaused(isPaused: boolean): void;
}
