import type { Metric } from "../base/metrics.ts";

/**
 * Adds up a process's counters over all its restarts, from successive scrapes of `/metrics`. What a killed process counted after its last
 * scrape is missing.
 */
export class Counters {
  #last = new Map<string, number>();
  #process: string | undefined;
  readonly #totals = new Map<string, { metric: Metric; total: number }>();
  readonly #names: ReadonlySet<string>;

  /** @param names the counters of interest */
  constructor(names: string[]) {
    this.#names = new Set(names);
  }

  /** @param metrics what `/metrics` answered */
  add(metrics: Metric[]): void {
    const process = processOf(metrics);
    if (process !== this.#process) this.#last = new Map();
    this.#process = process;
    const current = new Map<string, number>();
    for (const metric of metrics) {
      if (!this.#names.has(metric.name)) continue;
      const key = metric.name + JSON.stringify(metric.labels);
      current.set(key, metric.value);
      const before = this.#last.get(key) ?? 0;
      // Less than before: the process restarted and counts from 0, although it may not report its start time.
      const increase = metric.value >= before ? metric.value - before : metric.value;
      this.#totals.set(key, { metric, total: (this.#totals.get(key)?.total ?? 0) + increase });
    }
    this.#last = current;
  }

  /** The total of a counter over all its labels. */
  sumOf(name: string): number {
    return this.#of(name).reduce((sum, { total }) => sum + total, 0);
  }

  /** The totals of a counter by the values of one of its labels, without those that are zero. */
  sumsBy(name: string, label: string): Record<string, number> {
    return this.sumsOf(name, (labels) => labels[label] ?? "unknown");
  }

  /** The totals of a counter by what is made of its labels, without those that are zero. */
  sumsOf(name: string, keyOf: (labels: Metric["labels"]) => string): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { metric, total } of this.#of(name)) {
      const value = keyOf(metric.labels);
      if (total > 0) sums[value] = (sums[value] ?? 0) + total;
    }
    return sums;
  }

  #of(name: string): { metric: Metric; total: number }[] {
    return [...this.#totals.values()].filter(({ metric }) => metric.name === name);
  }
}

/**
 * What tells the process that answered from the one before it: when it started, or the id that the OpenTelemetry SDK draws at each start;
 * undefined if it shows neither.
 */
function processOf(metrics: Metric[]): string | undefined {
  const started = metrics.find(({ name }) => name === "process_start_time_seconds");
  if (started !== undefined) return `${started.value}`;
  return metrics.find(({ name }) => name === "target_info")?.labels.service_instance_id;
}
