import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LinesLocation, LookAsShipper } from "./lines-location.ts";
import type { Crash, LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";

/** Whatever writes a run's lines: the sentinel of each source at once, the lines when it is told to. */
export interface LoadWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  readonly location: LinesLocation;
  /** Resolves with the ledger when the last line is written or `stop` was called; rejects if writing fails. */
  readonly finished: Promise<Ledger>;
  /** How many lines are written, over all sources. */
  readonly written: number;
  /** Whether the last line is written, or no more will be. */
  readonly hasEnded: boolean;
  /**
   * Takes notice of the shipper, once that runs.
   *
   * @param look how the shipper sees the files of `location`
   * @throws UnavailableError if it cannot see them
   */
  meetShipper(look: LookAsShipper): Promise<void>;
  start(): void;
  /**
   * Lets a load that goes on until it is told otherwise (`plan.mostLines`) end with a line; at once if that is written already. Of no
   * effect on any other load, nor when it is called again.
   *
   * @param lines over all sources
   */
  endAt(lines: number): void;
  /** Ends the load early; what was written stays written. */
  stop(): void;
  /** The ledger as it stands, without marks. */
  soFar(): Ledger;
  /**
   * Whether a shipper has read all there is to read, by its own positions. Where a file was rotated that is never known: it may have gone
   * with lines that were not read.
   *
   * @param readBytes how far it has read each file, by the file's name, in bytes
   */
  isReadToEnd(readBytes: Readonly<Record<string, number>>): Promise<boolean>;
  /**
   * Rotates every source's file between two writes; or waits until each has been rotated by the writer's own accord, or that of whoever
   * keeps its stdout.
   *
   * @returns what was done, one entry a source; fewer if the load had ended
   * @throws UsageError if this writer has no such rotation
   */
  rotate(method: RotationMethod): Promise<Rotation[]>;
  /**
   * Kills every process that writes (SIGKILL), and starts it again at once.
   *
   * @returns what became of each
   * @throws UsageError if this writer is no process of its own, or what a killed one has written cannot be known
   */
  crash(): Promise<Crash[]>;
}
