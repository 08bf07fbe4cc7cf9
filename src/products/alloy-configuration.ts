import { alloySettings } from "./alloy-settings.ts";
import { filesOfFlag, type ShipperConfiguration } from "./shipper-configuration.ts";

/** The configuration of Grafana Alloy; the files of a folder are one configuration. */
export const alloyConfiguration: ShipperConfiguration = {
  name: "Alloy",
  image: /^(.+-)?alloy$/i,
  program: /(^|\/)alloy$/,
  defaults: ["/etc/alloy/config.alloy"],
  namedBy: (words) => {
    const given = words
      .slice(words.lastIndexOf("run") + 1)
      .filter((word) => /\.(alloy|river)$|^\/etc\/alloy\/?$/.test(word));
    return [...given.filter((word) => !word.startsWith("-")), ...filesOfFlag(words, /^--config\.file$/)];
  },
  isForm: ({ text }) =>
    /^\s*(loki\.(write|source\.\w+|process)|otelcol\.\w+\.\w+)\s+"[^"]*"\s*\{/m.test(text),
  settingsOf: (files, environment) => alloySettings(files.map(({ text }) => text).join("\n"), environment),
};
