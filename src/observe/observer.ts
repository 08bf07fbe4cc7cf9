import type { Observed } from "../judge/track.ts";

/** Watches a run without taking part in it, and returns tracks: what it saw over the time of the run. An observer can be used once. */
export interface Observer {
  /** Begins to observe. It ends with `stop` or when the signal aborts. */
  start(signal: AbortSignal): void;
  /** Stops querying the sink and aborts a query in progress. Missing if the observer never queries the sink. */
  pause?(): void;
  /** Continues to query the sink. */
  resume?(): void;
  /**
   * Ends observing. May be called more than once.
   *
   * @returns what was seen. A failure is part of the result, so this never rejects
   */
  stop(): Promise<Observed>;
}
