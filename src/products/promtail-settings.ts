import { z } from "zod";
import { type Environment, filledValues } from "./filled-variables.ts";
import { labelFate } from "./label-fate.ts";
import { type LogStage, stagesIn } from "./log-stages.ts";
import { promtailPatience } from "./promtail-patience.ts";
import { bothWanted, containersFiltered, containersKept, relabelSchema } from "./relabelling.ts";
import type { ShippedContainers, ShippedFiles, ShippedTopic, ShipperSettings } from "./shipper-settings.ts";
import { linesOfStages } from "./stage-lines.ts";

const labels = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).nullable());
const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const dockerSchema = z.object({
  filters: z.array(z.object({ name: z.string(), values: texts })).nullish(),
});

const kafkaSchema = z.object({
  brokers: texts.nullish(),
  topics: texts.nullish(),
  group_id: z.string().nullish(),
  labels: labels.nullish(),
});

const scrapeSchema = z.looseObject({
  static_configs: z.array(z.object({ labels: labels.nullish() })).nullish(),
  file_sd_configs: z.array(z.unknown()).nullish(),
  docker_sd_configs: z.array(dockerSchema).nullish(),
  kafka: kafkaSchema.nullish(),
  relabel_configs: z.array(relabelSchema).nullish(),
  pipeline_stages: z.array(z.unknown()).nullish(),
});

const clientSchema = z.object({
  url: z.string().optional(),
  tenant_id: z.string().nullish(),
  headers: z.record(z.string(), z.unknown()).nullish(),
  external_labels: labels.nullish(),
});

const configSchema = z.object({
  clients: z.array(clientSchema).nullish(),
  client: clientSchema.nullish(),
  scrape_configs: z.array(scrapeSchema).nullish(),
});

type Scrape = z.infer<typeof scrapeSchema>;
type Client = z.infer<typeof clientSchema>;

/** Sources of lines that are neither files nor containers, by their keys. */
const otherSources: Record<string, string> = {
  syslog: "syslog",
  journal: "the journal of systemd",
  loki_push_api: "pushes of others",
  gelf: "GELF",
  gcplog: "Google Cloud",
  kubernetes_sd_configs: "Kubernetes",
  windows_events: "Windows events",
  cloudflare: "Cloudflare",
  heroku_drain: "Heroku",
  azure_event_hub: "Azure Event Hubs",
  consul_sd_configs: "Consul",
  kafka: "Kafka",
};

/**
 * What a configuration of Promtail says. Labels that pipeline stages or relabelling may change are omitted.
 *
 * @param environment of its container, for `${NAME}` and `${NAME:default}` under `-config.expand-env`
 * @throws ZodError if it is not valid
 */
export function promtailSettings(config: unknown, environment: Environment): ShipperSettings {
  const filled = filledValues(config, environment);
  const { clients, client, scrape_configs: found } = configSchema.parse(filled);
  const all = [...(clients ?? []), ...(client ? [client] : [])];
  const scrapes = found ?? [];
  const tenants = new Set(all.map(tenantOf));
  const added = all.length === 1 ? (all[0]!.external_labels ?? {}) : {};
  return {
    reads: scrapes.flatMap((scrape) => readsOf(scrape, added)),
    isDynamic: scrapes.some(findsFiles),
    containers: scrapes.flatMap((scrape) => containersOf(scrape, added)),
    others: [
      ...new Set(scrapes.flatMap((scrape) => Object.keys(otherSources).filter((key) => scrape[key] != null))),
    ].map((key) => otherSources[key]!),
    topicsRead: scrapes.flatMap(({ kafka }) => topicsOf(kafka)),
    pushUrls: all.flatMap(({ url }) => url ?? []),
    tenant: tenants.size === 1 ? tenantOf(all[0]!) : undefined,
    patience: promtailPatience(filled),
  };
}

function tenantOf({ tenant_id: tenant, headers }: Client): string | undefined {
  const header = Object.entries(headers ?? {}).find(([name]) => /^x-scope-orgid$/i.test(name))?.[1];
  return tenant || (typeof header === "string" ? header : undefined);
}

function findsFiles({ file_sd_configs: found, relabel_configs: rules }: Scrape): boolean {
  const setsPath = rules?.some(({ target_label: label }) => label === "__path__") ?? false;
  return setsPath || (found?.length ?? 0) > 0;
}

function readsOf(scrape: Scrape, added: z.infer<typeof labels>): ShippedFiles[] {
  const { static_configs: targets, relabel_configs, pipeline_stages } = scrape;
  return (targets ?? []).flatMap(({ labels: given }) => {
    const { __path__: path, __path_exclude__: excluded, ...rest } = given ?? {};
    if (typeof path !== "string") return [];
    const stages = stagesIn(pipeline_stages, textsOf({ ...added, ...rest }));
    const fate = labelFate(relabel_configs ?? [], stages);
    return [
      {
        globs: [path],
        excluded: typeof excluded === "string" ? [excluded] : [],
        labels: fate.labelsOf(textsOf({ ...added, ...rest })),
        hasFilename: fate.survives("filename"),
        tenant: tenantOfStages(stages),
        lines: linesOfStages(stages, "files"),
        linesOfContainers: linesOfStages(stages, "json-files"),
      },
    ];
  });
}

function textsOf(given: z.infer<typeof labels>): Record<string, string> {
  const known = Object.entries(given).filter(
    ([label, value]) => !label.startsWith("__") && value !== null && value !== "",
  );
  return Object.fromEntries(known.map(([label, value]) => [label, `${value}`]));
}

function tenantOfStages(stages: readonly LogStage[]): string | undefined {
  const value = stages.findLast(({ kind }) => kind === "tenant")?.settings.value;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function containersOf(scrape: Scrape, added: z.infer<typeof labels>): ShippedContainers[] {
  const rules = scrape.relabel_configs ?? [];
  return (scrape.docker_sd_configs ?? []).map(({ filters }) => {
    const stages = stagesIn(scrape.pipeline_stages, textsOf(added));
    const fate = labelFate(rules, stages);
    return {
      labels: fate.labelsOf(textsOf(added)),
      varyingLabels: fate.ofContainers,
      serviceLabel: fate.serviceLabel,
      wants: bothWanted(containersFiltered(filters ?? []), containersKept(rules)),
      tenant: tenantOfStages(stages),
      lines: linesOfStages(stages, "api"),
    };
  });
}

function topicsOf(kafka: z.infer<typeof kafkaSchema> | null | undefined): ShippedTopic[] {
  return (kafka?.topics ?? []).map((topic) => ({
    brokers: kafka?.brokers ?? [],
    topic,
    group: kafka?.group_id ?? "promtail",
  }));
}
