import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LinesLocation, LookAsShipper } from "./lines-location.ts";
import type { Crash, LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";

/** Writes a run's lines: the sentinel of each source at once, the lines when it is told to. */
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
   * Learns about the shipper, once it runs.
   *
   * @param look how the shipper sees the files of `location`
   * @throws UnavailableError if it cannot see them
   */
  meetShipper(look: LookAsShipper): Promise<void>;
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
   * Whether a shipper has read everything, by its own positions. If a file was rotated this is never known, because the file may have had
   * unread lines.
   *
   * @param readBytes how far it has read each file, by the file's name, in bytes
   */
  isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean>;
  /**
   * Rotates every source's file between two writes, or waits until the writer itself, or the program that keeps its stdout, has rotated
   * each.
   *
   * @returns what was done, one entry for each source; fewer if the load had ended
   * @throws UsageError if this writer does not support such a rotation
   */
  rotate(method: RotationMethod): Promise<Rotation[]>;
  /**
   * Kills every process that writes (SIGKILL), and starts it again at once.
   *
   * @returns what happened to each
   * @throws UsageError if this writer is not a separate process, or it cannot be known what a killed one has written
   */
  crash(): Promise<Crash[]>;
}
