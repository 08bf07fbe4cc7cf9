import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { Crash, LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";

/** Writes a run's lines to files: the sentinel of each source at once, the lines when it is told to. */
export interface LogWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  /** Resolves with the ledger when the last line is written or `stop` was called; rejects if writing fails. */
  readonly finished: Promise<Ledger>;
  /** How many lines are written, over all sources. */
  readonly written: number;
  /** Whether the last line is written, or no further line will be. */
  readonly hasEnded: boolean;
  start(): void;
  /**
   * Ends an open-ended load (`plan.mostLines`) with a given line; at once if that line is written already. It has no
   * effect on any other load, nor when it is called again.
   *
   * @param lines over all sources
   */
  endAt(lines: number): void;
  /** Ends the load early; what was written stays written. */
  stop(): void;
  /** The current ledger, without marks. */
  soFar(): Ledger;
  /**
   * Rotates every source's file between two writes, or waits until the writer itself has rotated each.
   *
   * @returns what was done, one entry for each source; fewer if the load had ended
   * @throws UsageError if this writer does not support such a rotation
   */
  rotate(method: RotationMethod): Promise<Rotation[]>;
  /**
   * Kills every process that writes (SIGKILL), and starts it again at once.
   *
   * @returns what happened to each
   * @throws UsageError if this writer is not a separate process
   */
  crash(): Promise<Crash[]>;
}
