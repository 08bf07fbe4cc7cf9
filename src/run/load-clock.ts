import type { LogWriter } from "../load/log-writer.ts";

/** What takes longer than this to be brought about is waited for by the whole schedule. */
const graceMs = 5_000;

/**
 * The clock of a schedule: how many lines of the load are written. It stands still while a fault takes long to be brought about, though
 * lines are written on: a Loki that needs half a minute to stop is then down for as long as the scenario says, and what is to happen
 * meanwhile does not happen before.
 */
export class LoadClock {
  readonly #writer: Pick<LogWriter, "plan" | "written" | "hasEnded">;
  #slowFaults = 0;
  /** How many lines were written when it last stopped; undefined while it goes. */
  #stoppedAt: number | undefined;
  #standstill = 0;

  constructor(writer: Pick<LogWriter, "plan" | "written" | "hasEnded">) {
    this.#writer = writer;
  }

  /** How many lines were written while it stood still. */
  get standstill(): number {
    const { written } = this.#writer;
    return this.#standstill + written - (this.#stoppedAt ?? written);
  }

  /** Whether a share of the load is written, or no more will be. */
  hasReached(share: number): boolean {
    const { plan, written, hasEnded } = this.#writer;
    return hasEnded || written - this.standstill >= Math.ceil(share * plan.lines);
  }

  /** Does what may take long, and stands still once it has. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.#slowFaults++;
      this.#stoppedAt ??= this.#writer.written;
    }, graceMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      if (isSlow) this.#goOn();
    }
  }

  #goOn(): void {
    this.#slowFaults--;
    if (this.#slowFaults > 0) return;
    this.#standstill = this.standstill;
    this.#stoppedAt = undefined;
  }
}
