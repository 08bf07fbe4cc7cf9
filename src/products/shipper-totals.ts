import type { Metric } from "../base/metrics.ts";
import { Counters } from "./counters.ts";
import { productOf, shipperProducts } from "./known-shippers.ts";

/** A shipper's own counters, over all its restarts. Not the truth, but a hint to where lines were lost. */
export interface ShipperTotals {
  /** Lines read from files. */
  read: number;
  /** Entries that were acknowledged. */
  sent: number;
  /** Dropped entries, by reason. */
  dropped: Record<string, number>;
  /** The position in each file, in bytes, by the file's name, when it last recorded it. */
  readBytes: Record<string, number>;
}

const all = shipperProducts.map(({ counters }) => counters);
const names = {
  read: all.flatMap(({ read }) => read),
  sent: all.flatMap(({ sent }) => sent),
  dropped: all.flatMap(({ dropped }) => dropped),
};

/** Adds up the counters of a shipper, whichever of the known products it is; no two of them have a counter of the same name. */
export class ShipperCounters {
  readonly #counters = new Counters([...names.read, ...names.sent, ...names.dropped.map(({ name }) => name)]);
  #readBytes: Record<string, number> = {};

  /** @param metrics what `/metrics` answered */
  add(metrics: Metric[]): void {
    this.#counters.add(metrics);
    this.#readBytes = productOf(metrics)?.positions(metrics) ?? {};
  }

  get totals(): ShipperTotals {
    const sumOf = (counters: readonly string[]) =>
      counters.reduce((sum, name) => sum + this.#counters.sumOf(name), 0);
    return {
      read: sumOf(names.read),
      sent: sumOf(names.sent),
      dropped: this.#dropped(),
      readBytes: this.#readBytes,
    };
  }

  /** Several counters may have one reason. */
  #dropped(): Record<string, number> {
    const dropped: Record<string, number> = {};
    for (const { name, reasonOf } of names.dropped)
      for (const [reason, lines] of Object.entries(this.#counters.sumsOf(name, reasonOf)))
        dropped[reason] = (dropped[reason] ?? 0) + lines;
    return dropped;
  }
}

/** All dropped entries, for any reason. */
export function droppedInAll({ dropped }: Pick<ShipperTotals, "dropped">): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
