import { z } from "zod";

/** A list that a configuration may have, or leave empty. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);

const alertmanagerSchema = z.looseObject({
  static_configs: listOf(z.looseObject({ targets: listOf(z.string()) })),
});

const configurationSchema = z.looseObject({
  alerting: z.looseObject({ alertmanagers: listOf(alertmanagerSchema) }).nullish(),
  remote_write: listOf(z.looseObject({ url: z.string() })),
});

/** Where a Prometheus sends something, by its configuration: host names. */
export interface AlertTargets {
  alerts: string[];
  samples: string[];
  /** Whether it looks for Alertmanagers by itself, so that it is not known which it finds. */
  isDiscovered: boolean;
}

/**
 * What a configuration says about where alerts and samples are sent.
 *
 * @param configuration the content of a configuration file
 * @throws Error if it has another form
 */
export function alertTargetsIn(configuration: unknown): AlertTargets {
  const { alerting, remote_write: writes } = configurationSchema.parse(configuration ?? {});
  const managers = alerting?.alertmanagers ?? [];
  const targets = managers.flatMap(({ static_configs: groups }) => groups.flatMap(({ targets }) => targets));
  return {
    alerts: targets.map((target) => hostOf(target.includes("://") ? target : `http://${target}`)),
    samples: writes.map(({ url }) => hostOf(url)),
    isDiscovered: managers.some((manager) => Object.keys(manager).some((key) => key.endsWith("_sd_configs"))),
  };
}

/** An address that cannot be read stands for itself. */
function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? url;
}
