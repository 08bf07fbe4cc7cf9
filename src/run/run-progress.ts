import type { RunContext, RunStatus } from "./run-request.ts";
import type { FaultInForce } from "./schedule.ts";

/** The number of lines that are written, and of those that are readable. */
export interface LineProgress {
  written: number;
  readable: number;
}

/** Reports the state of a run to the caller of `run`. */
export class RunProgress {
  readonly #context: RunContext;
  readonly #plannedLines: number;
  #phase: RunStatus["phase"] = "up";
  #faultsInForce: string[] = [];
  #lines: () => LineProgress = () => ({ written: 0, readable: 0 });

  constructor(context: RunContext, plannedLines: number) {
    this.#context = context;
    this.#plannedLines = plannedLines;
  }

  enter(phase: RunStatus["phase"]): void {
    this.#phase = phase;
    this.tell();
  }

  /** Sets the function that returns the numbers of lines. */
  countWith(lines: () => LineProgress): void {
    this.#lines = lines;
  }

  setFaultsInForce(faults: readonly FaultInForce[]): void {
    this.#faultsInForce = faults.map(({ kind, target }) => `${kind} ${target}`);
    this.tell();
  }

  tell(): void {
    const { written, readable } = this.#lines();
    this.#context.onStatus({
      phase: this.#phase,
      written,
      lines: Math.max(this.#plannedLines, written),
      readable,
      faultsInForce: this.#faultsInForce,
    });
  }
}
