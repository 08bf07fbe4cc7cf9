import { parse } from "yaml";
import { parsedYaml } from "../base/parsed-yaml.ts";
import { collectorForRuns } from "./collector-for-runs.ts";
import { collectorSettings } from "./collector-settings.ts";
import { recordOf } from "./log-stages.ts";
import { filesOfFlag, type ShipperConfiguration } from "./shipper-configuration.ts";

/** The configuration of the OpenTelemetry Collector; several files are merged, key by key. */
export const collectorConfiguration: ShipperConfiguration = {
  name: "the OpenTelemetry Collector",
  image: /^(otel(emetry)?|opentelemetry)-?(collector|col)(-.+)?$|^otelcol(-.+)?$/i,
  program: /(^|\/)(otelcol(-\w+)?|otelcontribcol)$/,
  defaults: ["/etc/otelcol-contrib/config.yaml", "/etc/otelcol/config.yaml"],
  namedBy: (words) => filesOfFlag(words, /^(--?config|-c)$/).filter((file) => !file.startsWith("yaml:")),
  isForm: ({ text }) => {
    const { receivers, service } = recordOf(parsedYaml(text));
    return receivers != null && "pipelines" in recordOf(service);
  },
  settingsOf: (files, environment) =>
    collectorSettings(
      files.map(({ text }) => parse(text)).reduce((one, other) => merged(one, other)),
      environment,
    ),
  forRuns: collectorForRuns,
};

function merged(one: unknown, other: unknown): unknown {
  if (typeof one !== "object" || typeof other !== "object" || Array.isArray(one) || Array.isArray(other))
    return other ?? one;
  const keys = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]);
  return Object.fromEntries([...keys].map((key) => [key, merged(recordOf(one)[key], recordOf(other)[key])]));
}
