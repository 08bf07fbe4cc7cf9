import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LinesLocation, LookAsShipper } from "./lines-location.ts";
import type { Crash, LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";

/** Writes the lines of a run: the sentinel of each source immediately, the other lines after `start`. */
export interface LoadWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly location: LinesLocation;
  /** Resolves with the ledger when the last line is written or `stop` was called; rejects if writing fails. */
  readonly finished: Promise<Ledger>;
  /** How many lines are written, over all sources. */
  readonly written: number;
  /** Whether the last line is written, or no further line will be. */
  readonly hasEnded: boolean;
  /**
   * Called when the shipper runs, for writers that need to know what it sees.
   *
   * @param look how the shipper sees the files of `location`; undefined if it reads no files
   * @throws UnavailableError if it cannot see them
   */
  meetShipper(look: LookAsShipper | undefined): Promise<void>;
  start(): void;
  /**
   * Sets the last line of an open-ended load (`plan.mostLines`), which ends at once if that line is already written. Has no effect on any
   * other load, and no effect when it is called again.
   *
   * @param lines over all sources
   */
  endAt(lines: number): void;
  /** Ends the load early; what was written stays written. */
  stop(): void;
  /** The current ledger, without marks. */
  soFar(): Ledger;
  /**
   * Whether the shipper has read everything, by its own positions. After a rotation this is never known to be true, because the rotated
   * file may contain unread lines.
   *
   * @param readBytes how far it has read each file, by the file's name, in bytes
   */
  isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean>;
  /**
   * Rotates the file of each source between two writes. For files that are rotated by the writer itself or by the engine, waits until each
   * has been rotated.
   *
   * @returns what was done, one entry for each source; fewer if the load had ended
   * @throws UsageError if this writer does not support such a rotation
   */
  rotate(method: RotationMethod): Promise<Rotation[]>;
  /**
   * Kills every writing process with SIGKILL and starts it again immediately.
   *
   * @returns what happened to each process
   * @throws UsageError if this writer is not a separate process, or if it cannot be determined what a killed process has written
   */
  crash(): Promise<Crash[]>;
}
