import { parse } from "yaml";
import { parsedYaml } from "../base/parsed-yaml.ts";
import { recordOf } from "./log-stages.ts";
import { promtailForRuns } from "./promtail-for-runs.ts";
import { promtailSettings } from "./promtail-settings.ts";
import { filesOfFlag, type ShipperConfiguration } from "./shipper-configuration.ts";

/** The configuration of Promtail 3.6.4, and where its image has it (`clients/cmd/promtail/promtail-docker-config.yaml`). */
export const promtailConfiguration: ShipperConfiguration = {
  name: "Promtail",
  image: /^(.+-)?promtail(-(amd64|arm64|arm))?$/i,
  program: /(^|\/)promtail$/,
  defaults: ["/etc/promtail/config.yml", "/etc/promtail/promtail.yaml"],
  namedBy: (words) => filesOfFlag(words, /^--?config\.file$/),
  isForm: ({ text }) => "scrape_configs" in recordOf(parsedYaml(text)) && /^clients?:/m.test(text),
  builtIn:
    "clients: [{ url: http://loki:3100/loki/api/v1/push }]\n" +
    "scrape_configs: [{ job_name: system, static_configs: [{ labels: { job: varlogs, __path__: /var/log/*log } }] }]\n",
  settingsOf: ([file], environment) => promtailSettings(parse(file!.text), environment),
  forRuns: promtailForRuns,
};
