import { type Metric, parseMetrics } from "./metrics.ts";

/** What Promtail itself says it did, over all its restarts. Not the truth, but a hint at where lines were lost. */
export interface ShipperTotals {
  /** Lines read from files. */
  read: number;
  /** Entries that Loki acknowledged. */
  sent: number;
  /** Entries given up, by reason. */
  dropped: Record<string, number>;
}

const names = {
  read: "promtail_read_lines_total",
  sent: "promtail_sent_entries_total",
  dropped: "promtail_dropped_entries_total",
};

/** Adds up Promtail's counters from one look at `/metrics` after the other; what a killed process counted last is missed. */
export class ShipperCounters {
  readonly totals: ShipperTotals = { read: 0, sent: 0, dropped: {} };
  #last = new Map<string, number>();

  /** @param text what `/metrics` answered */
  add(text: string): void {
    const current = new Map<string, number>();
    for (const metric of parseMetrics(text)) {
      if (metric.name === names.read) this.totals.read += this.#increase(metric, current);
      else if (metric.name === names.sent) this.totals.sent += this.#increase(metric, current);
      else if (metric.name === names.dropped) {
        const reason = metric.labels.reason ?? "unknown";
        this.totals.dropped[reason] = (this.totals.dropped[reason] ?? 0) + this.#increase(metric, current);
      }
    }
    this.#last = current;
  }

  #increase(metric: Metric, current: Map<string, number>): number {
    const key = metric.name + JSON.stringify(metric.labels);
    current.set(key, metric.value);
    const before = this.#last.get(key) ?? 0;
    // Less than before: the process was started anew and counts from 0.
    return metric.value >= before ? metric.value - before : metric.value;
  }
}

/** All entries given up, for whatever reason. */
export function droppedInAll({ dropped }: ShipperTotals): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}
