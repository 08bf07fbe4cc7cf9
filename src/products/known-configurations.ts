import { UsageError } from "../base/errors.ts";
import { alloyConfiguration } from "./alloy-configuration.ts";
import { collectorConfiguration } from "./collector-configuration.ts";
import { fluentBitConfiguration } from "./fluent-bit-configuration.ts";
import { promtailConfiguration } from "./promtail-configuration.ts";
import type { ConfigurationFile, SettingsForRuns, ShipperConfiguration } from "./shipper-configuration.ts";
import { vectorConfiguration } from "./vector-configuration.ts";

/** The programs that ship lines whose configuration can be read. */
export const shipperConfigurations: readonly ShipperConfiguration[] = [
  promtailConfiguration,
  collectorConfiguration,
  fluentBitConfiguration,
  vectorConfiguration,
  alloyConfiguration,
];

/**
 * What a run reads and changes in a shipper's configuration, by the form that it has.
 *
 * @throws UsageError if it has the form of no program that ships lines in a pipeline of Everyline's own
 */
export function settingsForRuns(file: ConfigurationFile): SettingsForRuns {
  const found = shipperConfigurations.find(({ forRuns, isForm }) => forRuns !== undefined && isForm(file));
  if (found?.forRuns !== undefined) return found.forRuns;
  const known = shipperConfigurations.filter(({ forRuns }) => forRuns !== undefined).map(({ name }) => name);
  throw new UsageError(
    `expected ${file.path} to be a configuration of ${known.join(" or ")}, found another form; correct it, or describe its program in src/products.`,
  );
}
