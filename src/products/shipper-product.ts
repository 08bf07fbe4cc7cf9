import type { Metric } from "../base/metrics.ts";

/** A counter of dropped lines, and why it counted a line. */
interface DropCounter {
  name: string;
  reasonOf(labels: Metric["labels"]): string;
}

/** The counters of a program that ships lines, by the names that they have, or may have. */
interface ShipperCounterNames {
  /** Lines that it has read. */
  read: readonly string[];
  /** Lines that were acknowledged to it. */
  sent: readonly string[];
  /** Lines that it will not try to deliver again. */
  dropped: readonly DropCounter[];
}

/** What is known about a program that ships lines, in any pipeline: what its own metrics say about lines in flight. */
export interface ShipperProduct {
  name: string;
  /** The ports in its container at which `/metrics` is looked for, in addition to those that its configuration names. */
  metricsPorts: readonly number[];
  isKnownBy(metrics: Metric[]): boolean;
  counters: ShipperCounterNames;
  /** The position in each file, in bytes, by the file's name; empty if it does not show them. */
  positions(metrics: Metric[]): Record<string, number>;
  /**
   * How much it has read and neither delivered nor dropped, in a unit of its own; 0 if it holds nothing. This does not include what it has
   * not read yet, or what waits for a batch to fill.
   */
  held(metrics: Metric[]): number;
  /** How many lines it has read from some files, by what their names begin with; undefined if it does not count by file. */
  linesReadOf(metrics: Metric[], fileNames: readonly string[]): number | undefined;
}
