import type { Observed } from "../judge/track.ts";

/**
 * Watches a run without taking part in it, and leaves tracks: what it saw, over the time of the run. An observer is used once.
 */
export interface Observer {
  /** Begins to watch, until `stop` or until the signal aborts. */
  start(signal: AbortSignal): void;
  /** Asks the sink nothing from now on, and breaks off a question that is under way; missing where an observer never asks it. */
  pause?(): void;
  /** Goes on asking. */
  resume?(): void;
  /**
   * Ends watching. May be called again.
   *
   * @returns what was seen; a failure is part of it, so that this never rejects
   */
  stop(): Promise<Observed>;
}
