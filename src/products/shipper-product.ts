import type { Metric } from "../base/metrics.ts";

/** What is known about a program that ships lines, in any pipeline: what its own metrics say about lines in flight. */
export interface ShipperProduct {
  name: string;
  /** The ports in its container at which `/metrics` is looked for, in addition to those that its configuration names. */
  metricsPorts: readonly number[];
  isKnownBy(metrics: Metric[]): boolean;
  /**
   * How much it has read and neither delivered nor dropped, in a unit of its own; 0 if it holds nothing. This does not include what it has
   * not read yet, or what waits for a batch to fill.
   */
  held(metrics: Metric[]): number;
  /** How many lines it has read from some files, by what their names begin with; undefined if it does not count by file. */
  linesReadOf(metrics: Metric[], fileNames: readonly string[]): number | undefined;
}
