import type { LoadWriter } from "../load/load-writer.ts";

/** What takes longer than this to be brought about is waited for by the whole schedule. */
const graceMs = 5_000;
/** What has taken longer than this is held for most of its time all the same. */
const slowMs = 2_000;
const leastHeld = 0.75;

/**
 * The clock of a schedule: how many lines of the load are written. It stands still while a fault takes long to be brought about, though
 * lines are written on: a sink that needs half a minute to stop is then down for as long as the scenario says, and what is to happen
 * meanwhile does not happen before.
 */
export class LoadClock {
  readonly #writer: Pick<LoadWriter, "plan" | "written" | "hasEnded">;
  #slowFaults = 0;
  /** How many lines were written when it last stopped; undefined while it goes. */
  #stoppedAt: number | undefined;
  #standstill = 0;

  constructor(writer: Pick<LoadWriter, "plan" | "written" | "hasEnded">) {
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

  /**
   * Brings a fault about, and stands still where that takes long; goes back where it took so long that little would be left of it.
   *
   * @param shares between which it is to hold
   */
  async during<Result>(
    shares: { at: number; until: number },
    bringAbout: () => Promise<Result>,
  ): Promise<Result> {
    const startedAtMs = Date.now();
    let isSlow = false;
    const timer = setTimeout(() => {
      isSlow = true;
      this.#slowFaults++;
      this.#stoppedAt ??= this.#writer.written;
    }, graceMs);
    try {
      return await bringAbout();
    } finally {
      clearTimeout(timer);
      if (isSlow) this.#goOn();
      if (Date.now() - startedAtMs > slowMs) this.#leaveMostOf(shares);
    }
  }

  #leaveMostOf({ at, until }: { at: number; until: number }): void {
    const { plan, written } = this.#writer;
    const ahead = Math.ceil(until * plan.lines) - (written - this.standstill);
    const wanted = Math.round(leastHeld * (until - at) * plan.lines);
    if (ahead < wanted) this.#standstill += wanted - ahead;
  }

  #goOn(): void {
    this.#slowFaults--;
    if (this.#slowFaults > 0) return;
    this.#standstill = this.standstill;
    this.#stoppedAt = undefined;
  }
}
