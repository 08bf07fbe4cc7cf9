import type { LoadWriter } from "../load/load-writer.ts";

/** If injecting a fault takes longer than this, the clock stops until the fault is in force. */
const graceMs = 5_000;
/** If injecting a fault took longer than this, the fault still holds for at least `leastHeld` of its planned time. */
const slowMs = 2_000;
const leastHeld = 0.75;
/** Every fault holds at least this long while lines are written, or its planned time if that is shorter: many writes of a generator. */
const leastHeldMs = 100;

/**
 * The clock of a schedule. It counts the lines that the load has written, and stops while injecting a fault takes long, although the load
 * continues. So a sink that needs half a minute to stop is down for as long as the scenario says, and later events of the schedule do not
 * come before it is down.
 */
export class LoadClock {
  readonly #writer: Pick<LoadWriter, "plan" | "written" | "hasEnded">;
  #slowFaults = 0;
  /** How many lines were written when it last stopped; undefined while it runs. */
  #stoppedAt: number | undefined;
  #standstill = 0;

  constructor(writer: Pick<LoadWriter, "plan" | "written" | "hasEnded">) {
    this.#writer = writer;
  }

  /** How many lines were written while it was stopped. */
  get standstill(): number {
    const { written } = this.#writer;
    return this.#standstill + written - (this.#stoppedAt ?? written);
  }

  /** Whether a share of the load is written, or the load has ended. */
  hasReached(share: number): boolean {
    const { plan, written, hasEnded } = this.#writer;
    return hasEnded || written - this.standstill >= Math.ceil(share * plan.lines);
  }

  /**
   * Injects a fault, and stops the clock if that takes long. If it took so long that little of the fault would be left, or no line would be
   * written while it holds, it sets the clock back.
   *
   * @param shares the shares of the load between which the fault is to hold
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
      this.#leaveEnoughOf(shares, Date.now() - startedAtMs > slowMs);
    }
  }

  #leaveEnoughOf({ at, until }: { at: number; until: number }, isLate: boolean): void {
    const { plan, written } = this.#writer;
    const planned = (until - at) * plan.lines;
    const few = Math.ceil((plan.linesPerSecond * leastHeldMs) / 1_000);
    const wanted = isLate ? Math.round(leastHeld * planned) : Math.min(Math.ceil(planned), few);
    const ahead = Math.ceil(until * plan.lines) - (written - this.standstill);
    if (ahead < wanted) this.#standstill += wanted - ahead;
  }

  #goOn(): void {
    this.#slowFaults--;
    if (this.#slowFaults > 0) return;
    this.#standstill = this.standstill;
    this.#stoppedAt = undefined;
  }
}
