import { extname } from "node:path";
import { parse as parseToml } from "smol-toml";
import { parse } from "yaml";
import { recordOf } from "./log-stages.ts";
import { type ConfigurationFile, filesOfFlag, type ShipperConfiguration } from "./shipper-configuration.ts";
import { vectorSettings } from "./vector-settings.ts";

/** The configuration of Vector, in TOML, YAML or JSON; several files are one configuration. */
export const vectorConfiguration: ShipperConfiguration = {
  name: "Vector",
  image: /^vector(-.+)?$/i,
  program: /(^|\/)vector$/,
  defaults: ["/etc/vector/vector.yaml", "/etc/vector/vector.toml", "/etc/vector/vector.json"],
  namedBy: (words) => filesOfFlag(words, /^(-c|-C|--config(-(toml|yaml|json|dir))?)$/),
  isForm: (file) => {
    try {
      const { sources, sinks } = recordOf(parsed(file));
      return [sources, sinks].every((parts) =>
        Object.values(recordOf(parts)).some((part) => "type" in recordOf(part)),
      );
    } catch {
      return false;
    }
  },
  settingsOf: (files, environment) => {
    const all = files.map((file) => recordOf(parsed(file)));
    const together = (key: string) => Object.assign({}, ...all.map((one) => recordOf(one[key])));
    const config = {
      sources: together("sources"),
      transforms: together("transforms"),
      sinks: together("sinks"),
    };
    return vectorSettings(config, environment);
  },
};

function parsed({ path, text }: ConfigurationFile): unknown {
  return extname(path) === ".toml" || /^\s*\[[\w."-]+\]\s*$/m.test(text) ? parseToml(text) : parse(text);
}
