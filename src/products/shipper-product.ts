import type { Metric } from "../base/metrics.ts";
import type { ShipperSettings } from "./shipper-settings.ts";

/** What is known about a program that ships lines, in any pipeline: what its own metrics say about lines in flight. */
export interface ShipperProduct {
  name: string;
  /** The ports in its container at which `/metrics` is looked for, in addition to those that its configuration names. */
  metricsPorts: readonly number[];
  configuration: ShipperConfiguration;
  isKnownBy(metrics: Metric[]): boolean;
  /**
   * How much it has read and neither delivered nor dropped, in a unit of its own; 0 if it holds nothing. This does not include what it has
   * not read yet, or what waits for a batch to fill.
   */
  held(metrics: Metric[]): number;
  /** How many lines it has read from some files, by what their names begin with; undefined if it does not count by file. */
  linesReadOf(metrics: Metric[], fileNames: readonly string[]): number | undefined;
}

/** How the configuration of a shipper is found and read. */
interface ShipperConfiguration {
  /** The names of its images. */
  image: RegExp;
  /** The option of its command line that names the file. */
  flag: RegExp;
  /** Where the file is in its images, unless the command says otherwise. */
  defaults: readonly string[];
  /**
   * @param config the parsed file
   * @param environment of its container
   * @throws ZodError if it is not a configuration of this program
   */
  settingsOf(config: unknown, environment: Record<string, string | null>): ShipperSettings;
}
