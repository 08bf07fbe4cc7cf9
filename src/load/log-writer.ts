import type { Ledger } from "./ledger.ts";
import type { LineClock } from "./line-clock.ts";
import type { LoadPlan, Rotation, RotationMethod } from "./load-plan.ts";

/** Whatever writes a run's lines to files: the sentinel of each source at once, the lines when it is told to. */
export interface LogWriter {
  readonly plan: LoadPlan;
  readonly clock: LineClock;
  /** Resolves with the ledger when the last line is written or `stop` was called; rejects if writing fails. */
  readonly finished: Promise<Ledger>;
  /** How many lines' writes have returned, over all sources. */
  readonly written: number;
  /** Whether the last line is written, or no more will be. */
  readonly hasEnded: boolean;
  start(): void;
  /** Ends the load early; what was written stays written. */
  stop(): void;
  /** The ledger as it stands, without marks. */
  soFar(): Ledger;
  /**
   * Rotates every source's file between two writes.
   *
   * @returns what was done, one entry a source; none if the load had ended
   */
  rotate(method: RotationMethod): Promise<Rotation[]>;
}
