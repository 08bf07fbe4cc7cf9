import { z } from "zod";
import type { WantedContainers } from "./shipper-settings.ts";
import type { IsChanged } from "./stage-labels.ts";

export const relabelSchema = z.object({
  action: z.string().default("replace"),
  source_labels: z.array(z.string()).nullish(),
  separator: z.string().optional(),
  target_label: z.string().optional(),
  regex: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
  replacement: z.string().optional(),
});

export type Relabelling = z.infer<typeof relabelSchema>;

const ofContainer = "__meta_docker_container_";
const containerLabel = `${ofContainer}label_`;
const composeService = `${containerLabel}com_docker_compose_service`;

/** Whether a label may be changed or removed by a rule. */
export function relabels({ action, target_label: target, regex = "(.*)" }: Relabelling): IsChanged {
  const matches = (label: string) => new RegExp(`^(?:${regex})$`).test(label);
  if (action === "labeldrop") return matches;
  if (action === "labelkeep") return (label) => !matches(label);
  if (action === "labelmap") return () => true;
  return (label) => label === target;
}

/** Labels that rules set to a value that does not depend on anything. */
export function constantLabels(rules: readonly Relabelling[]): Record<string, string> {
  const last = new Map<string, string | undefined>();
  for (const { action, source_labels: sources, target_label: target, replacement, regex } of rules) {
    if (action !== "replace" || target === undefined) continue;
    const isConstant = (sources ?? []).length === 0 && regex === undefined && !replacement?.includes("$");
    last.set(target, isConstant ? replacement : undefined);
  }
  const constant = [...last].filter(([label, value]) => value && !label.startsWith("__"));
  return Object.fromEntries(constant as [string, string][]);
}

/** Labels that rules set from what is known of a container, and that every container has. */
export function labelsOfContainers(rules: readonly Relabelling[]): string[] {
  const always = [
    `${ofContainer}name`,
    `${ofContainer}id`,
    composeService,
    `${containerLabel}com_docker_compose_project`,
  ];
  const set = rules.filter(
    ({ action, source_labels: sources }) =>
      action === "replace" &&
      sources?.length === 1 &&
      [...always, `${ofContainer}log_stream`].includes(sources[0]!),
  );
  return [...new Set(set.flatMap(({ target_label: target }) => target ?? []))].filter(
    (label) => !label.startsWith("__"),
  );
}

/** The label of a stream that has the name of the Compose service; undefined if none has. */
export function serviceLabel(rules: readonly Relabelling[]): string | undefined {
  return rules.find(
    ({ action, source_labels: sources, regex = "(.*)" }) =>
      action === "replace" &&
      sources?.length === 1 &&
      sources[0] === composeService &&
      /^\(\.[*+]\)$/.test(regex),
  )?.target_label;
}

/** The containers that rules keep. */
export function containersKept(rules: readonly Relabelling[]): WantedContainers {
  const wants: WantedContainers = { labels: {}, services: [], names: [] };
  for (const { action, source_labels: sources, regex = "(.*)" } of rules) {
    const [source] = sources ?? [];
    if (action !== "keep" || source === undefined || sources!.length > 1) continue;
    if (source === composeService) wants.services.push(regex);
    else if (source === `${ofContainer}name`) wants.names.push(regex);
    else if (source.startsWith(containerLabel) && !/com_docker_compose/.test(source))
      wants.labels[source.slice(containerLabel.length)] = plainValue(regex);
  }
  return wants;
}

/** A value that an expression matches: itself, or its first alternative without what makes it an expression. */
function plainValue(regex: string): string {
  const [first] = regex.replace(/^\^?\(?(?:\?:)?|\)?\$?$/g, "").split("|") as [string];
  return /^(\.[*+])?$/.test(first) ? "true" : first.replace(/\\(.)/g, "$1");
}

/** What filters of the engine's list of containers select: `label=logging=promtail`, `name=shop`. */
export function containersFiltered(filters: readonly { name: string; values: string[] }[]): WantedContainers {
  const wants: WantedContainers = { labels: {}, services: [], names: [] };
  for (const { name, values } of filters) {
    const [value] = values;
    if (value === undefined) continue;
    if (name === "name") wants.names.push(`.*${value.replace(/^\^?\/?/, "").replace(/\$$/, "")}.*`);
    if (name !== "label") continue;
    const [, key = value, wanted = "true"] = /^([^=]+)=(.*)$/.exec(value) ?? [];
    if (key === "com.docker.compose.service") wants.services.push(wanted);
    else if (!key.startsWith("com.docker.compose.")) wants.labels[key] = wanted;
  }
  return wants;
}

export function bothWanted(one: WantedContainers, other: WantedContainers): WantedContainers {
  return {
    labels: { ...one.labels, ...other.labels },
    services: [...one.services, ...other.services],
    names: [...one.names, ...other.names],
  };
}
