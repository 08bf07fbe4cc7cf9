import { z } from "zod";
import { promtailPatience } from "./promtail-patience.ts";
import type { ShippedFiles, ShipperSettings } from "./shipper-settings.ts";

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable());

const relabelSchema = z.object({
  action: z.string().default("replace"),
  target_label: z.string().optional(),
  regex: z.string().optional(),
});

const scrapeSchema = z.object({
  static_configs: z.array(z.object({ labels: labels.nullish() })).nullish(),
  file_sd_configs: z.array(z.unknown()).nullish(),
  relabel_configs: z.array(relabelSchema).nullish(),
  pipeline_stages: z.array(z.unknown()).nullish(),
});

const clientSchema = z.object({ url: z.string().optional(), tenant_id: z.string().optional() });

const configSchema = z.object({
  clients: z.array(clientSchema).nullish(),
  client: clientSchema.nullish(),
  scrape_configs: z.array(scrapeSchema).nullish(),
});

type Scrape = z.infer<typeof scrapeSchema>;

/**
 * What a configuration of Promtail says. Labels that pipeline stages or relabelling may change are omitted.
 *
 * @param environment of its container, for `${NAME}` and `${NAME:default}` under `-config.expand-env`
 * @throws ZodError if it is not valid
 */
export function promtailSettings(
  config: unknown,
  environment: Record<string, string | null>,
): ShipperSettings {
  const filled = expanded(config, environment);
  const { clients, client, scrape_configs: scrapes } = configSchema.parse(filled);
  const all = [...(clients ?? []), ...(client ? [client] : [])];
  const tenants = new Set(all.map(({ tenant_id: tenant }) => tenant));
  return {
    reads: (scrapes ?? []).flatMap(readsOf),
    isDynamic: (scrapes ?? []).some(findsFiles),
    pushUrls: all.flatMap(({ url }) => url ?? []),
    tenant: tenants.size === 1 ? all[0]!.tenant_id : undefined,
    patience: promtailPatience(filled),
  };
}

function findsFiles({ file_sd_configs: found, relabel_configs: relabels }: Scrape): boolean {
  const setsPath = relabels?.some(({ target_label: label }) => label === "__path__") ?? false;
  return setsPath || (found?.length ?? 0) > 0;
}

function readsOf({ static_configs: targets, relabel_configs, pipeline_stages }: Scrape): ShippedFiles[] {
  const changes = [...(relabel_configs ?? []).map(relabelling), ...stagesOf(pipeline_stages ?? [])];
  const survives = (label: string) => !changes.some((isChanged) => isChanged(label));
  return (targets ?? []).flatMap(({ labels: given }) => {
    const { __path__: path, __path_exclude__: excluded, ...rest } = given ?? {};
    if (typeof path !== "string") return [];
    const kept = Object.entries(rest).filter(
      ([label, value]) => !label.startsWith("__") && value !== null && value !== "" && survives(label),
    );
    return [
      {
        globs: [path],
        excluded: typeof excluded === "string" ? [excluded] : [],
        labels: Object.fromEntries(kept.map(([label, value]) => [label, `${value}`])),
        hasFilename: survives("filename"),
      },
    ];
  });
}

type IsChanged = (label: string) => boolean;

function relabelling({
  action,
  target_label: target,
  regex = "(.*)",
}: z.infer<typeof relabelSchema>): IsChanged {
  const matches = (label: string) => new RegExp(`^(?:${regex})$`).test(label);
  if (action === "labeldrop") return matches;
  if (action === "labelkeep") return (label) => !matches(label);
  if (action === "labelmap") return () => true;
  return (label) => label === target;
}

/** What stages do to labels, including stages within `match`. */
function stagesOf(stages: unknown[]): IsChanged[] {
  return stages.flatMap((stage) =>
    Object.entries((stage ?? {}) as Record<string, unknown>).flatMap(([kind, settings]) => {
      const names = namesIn(settings);
      if (kind === "match") return stagesOf((settings as { stages?: unknown[] } | null)?.stages ?? []);
      if (kind === "labelallow") return [(label: string) => !names.includes(label)];
      if (kind === "pack")
        return [(label: string) => namesIn((settings as { labels?: unknown }).labels).includes(label)];
      const changes = ["labeldrop", "labels", "static_labels", "structured_metadata"];
      return changes.includes(kind) ? [(label: string) => names.includes(label)] : [];
    }),
  );
}

function namesIn(settings: unknown): unknown[] {
  if (Array.isArray(settings)) return settings;
  return typeof settings === "object" && settings !== null ? Object.keys(settings) : [];
}

/** The text with known variables filled in. A text in which one remains is not what Loki would receive. */
function expanded(value: unknown, environment: Record<string, string | null>): unknown {
  if (typeof value === "string")
    return value.replace(
      /\$\{(\w+)(?::([^}]*))?\}/g,
      (whole, name: string, otherwise?: string) => environment[name] ?? otherwise ?? whole,
    );
  if (Array.isArray(value)) return value.map((one) => expanded(one, environment));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, expanded(one, environment)]));
}
