import { parsedYaml } from "../base/parsed-yaml.ts";
import { filesIncluded, isClassic } from "./fluent-bit-sections.ts";
import { fluentBitSettings } from "./fluent-bit-settings.ts";
import { recordOf } from "./log-stages.ts";
import { filesOfFlag, type ShipperConfiguration } from "./shipper-configuration.ts";

/** The configuration of Fluent Bit, in its own format and in YAML; its image measures the processor and sends nothing. */
export const fluentBitConfiguration: ShipperConfiguration = {
  name: "Fluent Bit",
  image: /^(.+-)?fluent-?bit(-.+)?$/i,
  program: /(^|\/)fluent-bit$/,
  defaults: ["/fluent-bit/etc/fluent-bit.conf", "/fluent-bit/etc/fluent-bit.yaml"],
  namedBy: (words) => filesOfFlag(words, /^(-c|--config)$/),
  isForm: ({ text }) => isClassic(text) || "inputs" in recordOf(recordOf(parsedYaml(text)).pipeline),
  includedBy: filesIncluded,
  settingsOf: fluentBitSettings,
};
