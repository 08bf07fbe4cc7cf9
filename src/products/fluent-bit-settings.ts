import type { Environment } from "./filled-variables.ts";
import { isOn, linesOfRecords } from "./fluent-bit-record.ts";
import { type FluentSection, fluentSections, matchesTag, valueIn } from "./fluent-bit-sections.ts";
import type { ConfigurationFile } from "./shipper-configuration.ts";
import type { ShippedFiles, ShippedTopic, ShipperSettings } from "./shipper-settings.ts";

const defaultHost = "127.0.0.1";
const defaultPort = "3100";
const defaultPath = "/loki/api/v1/push";

/** Inputs that tell of the machine or of Fluent Bit itself, and carry no lines of an application. */
const measures =
  /^(cpu|mem|disk|netif|proc|thermal|kmsg|health|node_exporter_metrics|fluentbit_metrics|dummy|random|docker|prometheus_scrape)$/;

/**
 * What a configuration of Fluent Bit says: of files that an output for Loki takes, the labels of that output which do not depend on the
 * record.
 *
 * @throws an error of the YAML parser
 */
export function fluentBitSettings(
  files: readonly ConfigurationFile[],
  environment: Environment,
): ShipperSettings {
  const sections = fluentSections(files, environment);
  const of = (kind: string) => sections.filter((section) => section.kind === kind);
  const outputs = of("output").filter((output) => /^(grafana-)?loki$/.test(nameOf(output)));
  const inputs = of("input");
  const reads = inputs.flatMap((input, index) => {
    if (nameOf(input) !== "tail") return [];
    const tag = (valueIn(input, "tag") ?? `tail.${index}`).replace("*", "x");
    const filters = of("filter").filter((filter) => matchesTag(filter, tag));
    const [output] = outputs.filter((each) => matchesTag(each, tag));
    return output === undefined ? [] : [readOf({ input, filters, output, parsers: of("parser") })];
  });
  return {
    reads,
    isDynamic: false,
    others: [...new Set(inputs.map(nameOf).filter((name) => name !== "tail" && !measures.test(name)))],
    topicsRead: inputs.filter((input) => nameOf(input) === "kafka").map(topicOf),
    topicsWritten: of("output")
      .filter((output) => nameOf(output) === "kafka")
      .map(topicOf),
    pushUrls: outputs.map(urlOf),
    tenant: tenantOf(outputs),
  };
}

function nameOf(section: FluentSection): string {
  return valueIn(section, "name")?.toLowerCase() ?? "";
}

function tenantOf(outputs: readonly FluentSection[]): string | undefined {
  const tenants = new Set(outputs.map((output) => valueIn(output, "tenant_id")));
  return tenants.size === 1 ? [...tenants][0] : undefined;
}

function urlOf(output: FluentSection): string {
  const url = valueIn(output, "url");
  if (url !== undefined) return url;
  const scheme = isOn(valueIn(output, "tls")) ? "https" : "http";
  const host = valueIn(output, "host") ?? defaultHost;
  return `${scheme}://${host}:${valueIn(output, "port") ?? defaultPort}${valueIn(output, "uri") ?? defaultPath}`;
}

function topicOf(section: FluentSection): ShippedTopic {
  return {
    brokers: listOf(valueIn(section, "brokers")),
    topic: listOf(valueIn(section, "topics"))[0] ?? "fluent-bit",
    group: valueIn(section, "group_id") ?? "fluent-bit",
  };
}

interface Way {
  input: FluentSection;
  filters: FluentSection[];
  output: FluentSection;
  parsers: FluentSection[];
}

function readOf(way: Way): ShippedFiles {
  const { input, output } = way;
  const globs = listOf(valueIn(input, "path"));
  const { labels, varyingLabels } = labelsOf(output);
  return {
    globs,
    excluded: listOf(valueIn(input, "exclude_path")),
    labels,
    varyingLabels,
    hasFilename: false,
    startsAtEnd: isOn(valueIn(input, "read_from_head")) ? undefined : "Read_from_Head",
    tenant: valueIn(output, "tenant_id"),
    lines: linesOfRecords({ ...way, isOfDocker: false }),
    linesOfContainers: linesOfRecords({ ...way, isOfDocker: true }),
  };
}

/** `job=app, env=$env`, or `{job="app"}` of Grafana's own plugin. */
function labelsOf(output: FluentSection): Required<Pick<ShippedFiles, "labels" | "varyingLabels">> {
  const given = output.entries.filter(([key]) => key === "labels").map(([, value]) => value);
  // By default the label job has the program's name, which versions spell differently.
  if (given.length === 0) return { labels: {}, varyingLabels: ["job"] };
  const pairs = given
    .flatMap((text) => text.replace(/^\s*\{|\}\s*$/g, "").split(","))
    .map((pair) => /^\s*([\w.-]+)\s*=\s*"?([^"]*?)"?\s*$/.exec(pair)?.slice(1) ?? ["", ""]);
  const constant = pairs.filter(([name, value]) => name !== "" && value !== "" && !value!.includes("$"));
  return { labels: Object.fromEntries(constant), varyingLabels: [] };
}

function listOf(text: string | undefined): string[] {
  return (text ?? "").split(",").flatMap((part) => part.trim() || []);
}
