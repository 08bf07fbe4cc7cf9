import type { Metric } from "../base/metrics.ts";
import { otelCollector } from "./otel-collector.ts";
import { promtail } from "./promtail.ts";
import type { ShipperSettings } from "./shipper-settings.ts";

/** What is known of a program that ships lines, whosever pipeline it runs in: what its own metrics say of lines on their way. */
export interface ShipperProduct {
  name: string;
  /** The ports that its `/metrics` is asked for at, in its container, beside those that its configuration names. */
  metricsPorts: readonly number[];
  configuration: ShipperConfiguration;
  isKnownBy(metrics: Metric[]): boolean;
  /**
   * How much it has taken in and neither got rid of nor given up, in a unit of its own; 0 if it holds nothing. What it has not read yet, and
   * what waits for a batch to fill, is not in it.
   */
  held(metrics: Metric[]): number;
  /** How many lines it has read of some files, by what their names begin with; undefined where it does not count by file. */
  linesReadOf(metrics: Metric[], fileNames: readonly string[]): number | undefined;
}

/** How the configuration of a program that ships is found and read. */
interface ShipperConfiguration {
  /** What its images are called. */
  image: RegExp;
  /** The option of its command line that names the file. */
  flag: RegExp;
  /** Where its images have the file, unless the command says otherwise. */
  defaults: readonly string[];
  /**
   * @param config the parsed file
   * @param environment of its container
   * @throws ZodError if it is no configuration of this program
   */
  settingsOf(config: unknown, environment: Record<string, string | null>): ShipperSettings;
}

export const shipperProducts: readonly ShipperProduct[] = [promtail, otelCollector];

/** The program that answered some metrics; undefined if it is none that is known. */
export function productOf(metrics: Metric[]): ShipperProduct | undefined {
  return shipperProducts.find((product) => product.isKnownBy(metrics));
}
