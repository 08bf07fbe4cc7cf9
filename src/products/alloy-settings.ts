import { AlloyComponents, alloyFunctions, rulesOf, textOf, textsOf } from "./alloy-components.ts";
import { promtailStages } from "./alloy-stages.ts";
import { type AlloyBlock, AlloyReference, type AlloyValue, parseAlloy } from "./alloy-syntax.ts";
import type { Environment } from "./filled-variables.ts";
import { labelFate } from "./label-fate.ts";
import { type LogStage, stagesIn } from "./log-stages.ts";
import { bothWanted, containersFiltered, containersKept, type Relabelling } from "./relabelling.ts";
import type { ShippedContainers, ShippedFiles, ShippedTopic, ShipperSettings } from "./shipper-settings.ts";
import { linesOfStages } from "./stage-lines.ts";

/** Sources of lines that are neither files nor containers. */
const otherSource = /^loki\.source\.(?!file$|docker$)|^otelcol\.receiver\.(?!loki$)/;
const maxSteps = 64;

/** What lines go through on their way to a `loki.write`, and where they end. */
interface Way {
  stages: unknown[];
  rules: Relabelling[];
  write: AlloyBlock;
}

/** A target: files at a path, or containers. */
interface Target {
  labels: Record<string, string | null>;
  rules: Relabelling[];
  discovery?: AlloyBlock | undefined;
}

/**
 * What a configuration of Alloy says: of files and containers whose lines reach a `loki.write`, the labels that its targets, relabelling and
 * stages give them.
 *
 * @throws Error naming the line, if it does not have Alloy's syntax
 */
export function alloySettings(text: string, environment: Environment): ShipperSettings {
  const components = new AlloyComponents(parseAlloy(text, alloyFunctions(environment)));
  const writes = components.of("loki.write");
  const endpoints = writes.flatMap(endpointsOf);
  const tenants = new Set(endpoints.map((endpoint) => textOf(endpoint, "tenant_id")));
  return {
    reads: components.of("loki.source.file").flatMap((source) => readsOf(source, components)),
    isDynamic: components.of("import.file").length > 0,
    containers: components.of("loki.source.docker").flatMap((source) => containersOf(source, components)),
    others: [...new Set(components.all.map(({ name }) => name).filter((name) => otherSource.test(name)))],
    topicsRead: components.of("loki.source.kafka").flatMap(topicsOf),
    pushUrls: endpoints.flatMap((endpoint) => textOf(endpoint, "url") ?? []),
    tenant: tenants.size === 1 ? [...tenants][0] : undefined,
  };
}

function endpointsOf({ blocks }: AlloyBlock): AlloyBlock[] {
  return blocks.filter(({ name }) => name === "endpoint");
}

/** The way to the first `loki.write` that lines reach from a component; undefined if they reach none. */
function wayFrom(component: AlloyBlock, components: AlloyComponents, steps = 0): Way | undefined {
  for (const next of components.named(component.attributes.get("forward_to"))) {
    if (next.name === "loki.write") return { stages: [], rules: [], write: next };
    const way = steps > maxSteps ? undefined : wayFrom(next, components, steps + 1);
    if (way === undefined) continue;
    const stages = next.name === "loki.process" ? promtailStages(next) : [];
    const rules = next.name === "loki.relabel" ? rulesOf(next) : [];
    return { ...way, stages: [...stages, ...way.stages], rules: [...rules, ...way.rules] };
  }
  return undefined;
}

function readsOf(source: AlloyBlock, components: AlloyComponents): ShippedFiles[] {
  const way = wayFrom(source, components);
  if (way === undefined) return [];
  return targetsOf(source.attributes.get("targets"), components).flatMap((target) => {
    const { __path__: path, __path_exclude__: excluded, ...labels } = target.labels;
    if (typeof path !== "string") return [];
    const known = withExternal(labels, way);
    const stages = stagesIn(way.stages, known);
    const fate = labelFate([...target.rules, ...way.rules], stages);
    return [
      {
        globs: [path],
        excluded: typeof excluded === "string" ? [excluded] : [],
        labels: fate.labelsOf(known),
        hasFilename: fate.survives("filename"),
        startsAtEnd: source.attributes.get("tail_from_end") === true ? "tail_from_end" : undefined,
        tenant: tenantOf(way, stages),
        lines: linesOfStages(stages, "files"),
        linesOfContainers: linesOfStages(stages, "json-files"),
      },
    ];
  });
}

function containersOf(source: AlloyBlock, components: AlloyComponents): ShippedContainers[] {
  const way = wayFrom(source, components);
  if (way === undefined) return [];
  const ownRules = ruleBlocks(source.attributes.get("relabel_rules"), components);
  return targetsOf(source.attributes.get("targets"), components).map(({ labels, rules, discovery }) => {
    const given = withExternal({ ...labels, ...textsOf(source.attributes.get("labels")) }, way);
    const stages = stagesIn(way.stages, given);
    const all = [...rules, ...ownRules, ...way.rules];
    const fate = labelFate(all, stages);
    const filters = (discovery?.blocks ?? []).filter(({ name }) => name === "filter");
    const filtered = filters.map((filter) => ({
      name: textOf(filter, "name") ?? "",
      values: [filter.attributes.get("values") ?? []].flat().filter((value) => typeof value === "string"),
    }));
    return {
      labels: fate.labelsOf(given),
      varyingLabels: fate.ofContainers,
      serviceLabel: fate.serviceLabel,
      wants: bothWanted(containersFiltered(filtered), containersKept(all)),
      tenant: tenantOf(way, stages),
      lines: linesOfStages(stages, "api"),
    };
  });
}

/** Labels of lines, which those of the endpoint do not replace. */
function withExternal(labels: Record<string, string | null>, { write }: Way): Record<string, string> {
  const all = { ...textsOf(write.attributes.get("external_labels")), ...labels };
  return Object.fromEntries(
    Object.entries(all).filter(([label, value]) => !label.startsWith("__") && value !== null && value !== ""),
  ) as Record<string, string>;
}

function tenantOf({ write }: Way, stages: readonly LogStage[]): string | undefined {
  const value = stages.findLast(({ kind }) => kind === "tenant")?.settings.value;
  if (typeof value === "string" && value !== "") return value;
  return textOf(endpointsOf(write)[0], "tenant_id");
}

/** The targets of a source, through `local.file_match`, `discovery.relabel` and `discovery.docker`. */
function targetsOf(value: AlloyValue | undefined, components: AlloyComponents, steps = 0): Target[] {
  if (steps > maxSteps) return [];
  return [value ?? []].flat().flatMap((one): Target[] => {
    if (!(one instanceof AlloyReference)) return [{ labels: textsOf(one), rules: [] }];
    return components.named(one).flatMap((component) => {
      if (component.name === "discovery.docker") return [{ labels: {}, rules: [], discovery: component }];
      const before = component.attributes.get("path_targets") ?? component.attributes.get("targets");
      return targetsOf(before, components, steps + 1).map((target) => ({
        ...target,
        rules: [...target.rules, ...(component.name === "discovery.relabel" ? rulesOf(component) : [])],
      }));
    });
  });
}

function ruleBlocks(value: AlloyValue | undefined, components: AlloyComponents): Relabelling[] {
  return components.named(value).flatMap(rulesOf);
}

function topicsOf({ attributes }: AlloyBlock): ShippedTopic[] {
  const listOf = (name: string) =>
    [attributes.get(name) ?? []].flat().filter((value) => typeof value === "string");
  const group = attributes.get("group_id");
  return listOf("topics").map((topic) => ({
    brokers: listOf("brokers"),
    topic,
    group: typeof group === "string" ? group : "loki.source.kafka",
  }));
}
