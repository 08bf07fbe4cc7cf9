import type { RunContext, RunStatus } from "./run-request.ts";
import type { FaultInForce } from "./schedule.ts";

/** How many lines are written, and how many of them could be read. */
export interface LineProgress {
  written: number;
  readable: number;
}

/** Tells those who watch a run where it stands. */
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

  /** From now on `lines` is asked how many lines there are. */
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
