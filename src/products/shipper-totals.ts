import { basename } from "node:path";
import type { Metric } from "../base/metrics.ts";
import { Counters } from "./counters.ts";

/** What Promtail itself says it did, over all its restarts. Not the truth, but a hint at where lines were lost. */
export interface ShipperTotals {
  /** Lines read from files. */
  read: number;
  /** Entries that were acknowledged to it. */
  sent: number;
  /** Entries given up, by reason. */
  dropped: Record<string, number>;
  /** How far it stood in each file, by the file's name, in bytes, when it last made a note of that. */
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

/** All entries given up, for whatever reason. */
export function droppedInAll({ dropped }: Pick<ShipperTotals, "dropped">): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
