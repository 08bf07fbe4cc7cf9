import { alloyConfiguration } from "./alloy-configuration.ts";
import { collectorConfiguration } from "./collector-configuration.ts";
import { fluentBitConfiguration } from "./fluent-bit-configuration.ts";
import { promtailConfiguration } from "./promtail-configuration.ts";
import type { ShipperConfiguration } from "./shipper-configuration.ts";
import { vectorConfiguration } from "./vector-configuration.ts";

/** The programs that ship lines whose configuration can be read. */
export const shipperConfigurations: readonly ShipperConfiguration[] = [
  promtailConfiguration,
  collectorConfiguration,
  fluentBitConfiguration,
  vectorConfiguration,
  alloyConfiguration,
];
