import type { Usage } from "../places/usage.ts";

const counted = ["cpuSeconds", "diskReadBytes", "diskWrittenBytes", "receivedBytes", "sentBytes"] as const;

/** Adds up the usage of an instance over all its processes; the engine counts each process from 0. */
export class UsageTotals {
  readonly #totals = new Map<keyof Usage, { total: number; last: number }>();

  /** @returns the same usage with totals over all processes instead of those of the current process */
  add(usage: Usage): Usage {
    const inAll = counted.map((quantity) => [quantity, this.#totalOf(quantity, usage[quantity])] as const);
    return { ...usage, ...Object.fromEntries(inAll) };
  }

  #totalOf(quantity: keyof Usage, value: number | undefined): number | undefined {
    if (value === undefined) return undefined;
    const { total, last } = this.#totals.get(quantity) ?? { total: 0, last: 0 };
    const sum = total + (value >= last ? value - last : value);
    this.#totals.set(quantity, { total: sum, last: value });
    return sum;
  }
}
