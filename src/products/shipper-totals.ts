import { basename } from "node:path";
import type { Metric } from "../base/metrics.ts";
import { Counters } from "./counters.ts";

/** Promtail's own counters, over all its restarts. Not the truth, but a hint to where lines were lost. */
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

const names = {
  read: "promtail_read_lines_total",
  sent: "promtail_sent_entries_total",
  dropped: "promtail_dropped_entries_total",
};

/** Adds up Promtail's counters. */
export class ShipperCounters {
  readonly #counters = new Counters(Object.values(names));
  #readBytes: Record<string, number> = {};

  /** @param metrics what `/metrics` answered */
  add(metrics: Metric[]): void {
    this.#counters.add(metrics);
    const positions = metrics.filter(({ name }) => name === "promtail_read_bytes_total");
    this.#readBytes = Object.fromEntries(
      positions.map(({ labels, value }) => [basename(labels.path ?? ""), value]),
    );
  }

  get totals(): ShipperTotals {
    return {
      read: this.#counters.sumOf(names.read),
      sent: this.#counters.sumOf(names.sent),
      dropped: this.#counters.sumsBy(names.dropped, "reason"),
      readBytes: this.#readBytes,
    };
  }
}

/** All dropped entries, for any reason. */
export function droppedInAll({ dropped }: Pick<ShipperTotals, "dropped">): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
