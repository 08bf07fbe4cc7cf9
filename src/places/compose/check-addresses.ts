import { type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import { sinkProductOf } from "../../products/known-sinks.ts";
import type { ShipperSettings } from "../../products/shipper-settings.ts";
import type { ComposeModel } from "./compose-model.ts";
import { readShipperSettings } from "./read-shipper-settings.ts";
import { type AddressedService, addressedService, namesOf } from "./service-names.ts";
import { sinkDemands } from "./sink-configuration.ts";
import { SourceLines } from "./source-lines.ts";
import type { StackProblem } from "./stack-problem.ts";

/** What is looked up to find problems with addresses. */
interface Looked {
  pipeline: Pipeline;
  model: ComposeModel;
  /** Of the Compose files, and of the configuration. */
  lines: SourceLines;
  config: SourceLines;
}

/**
 * Problems with how the shipper reaches the sink, and how the sink is asked, as far as their configurations show: its tenant, its port, and
 * networks that the two do not share.
 */
export async function wrongAddresses(looked: Looked): Promise<StackProblem[]> {
  const { pipeline, model } = looked;
  const [shipper] = servicesOf(pipeline, "shipper") as [string];
  const settings = await readShipperSettings(model, shipper);
  const known = "why" in settings ? undefined : settings;
  const targets = (known?.pushUrls ?? []).flatMap((text) => addressedService(model.services, text) ?? []);
  return [
    ...(await wrongDemands(looked, known && tenantOf(known), targets)),
    ...targets.flatMap((target) => apart(looked, shipper, target.service)),
    ...(known?.pushUrls ?? []).flatMap((url) => nowhere(looked, shipper, url)),
  ];
}

/** The tenant of all lines of a shipper; undefined if there is none, or several. */
function tenantOf({ tenant, reads }: ShipperSettings): string | undefined {
  const tenants = new Set([
    ...reads.map((files) => files.tenant ?? tenant),
    ...(reads.length === 0 ? [tenant] : []),
  ]);
  return tenants.size === 1 ? [...tenants][0] : undefined;
}

async function wrongDemands(
  { pipeline, model, config }: Looked,
  sent: string | undefined,
  targets: readonly AddressedService[],
): Promise<StackProblem[]> {
  const { sink } = pipeline;
  const product = sinkProductOf(sink.kind);
  // What a proxy in front of it adds or takes away is not known.
  if (product === undefined || !(sink.reader in sink.services)) return [];
  const demands = await sinkDemands(model, sink.reader, product);
  if (demands === undefined) return [];
  const { needsTenant, port, file } = demands;
  const own = file === undefined ? undefined : await SourceLines.of([file], pipeline.folder);
  const { tenantKey, portKey } = product.configuration!;
  const where = (key: readonly string[]) => own?.at(key) ?? file ?? "the configuration of its image";
  const tenant = sink.access?.headers["x-scope-orgid"];
  const problems: StackProblem[] = [];
  const asked = config.at([sink.kind, "url"]);
  if (sink.port !== port)
    problems.push({
      at: asked,
      text: `${sink.kind}.url has port ${sink.port}, but ${sink.reader} listens at ${port} by its configuration (${where(portKey)}). Correct one of them.`,
    });
  if (needsTenant && tenant === undefined)
    problems.push({
      at: config.at([sink.kind]),
      text:
        `${sink.reader} keeps tenants apart (${where(tenantKey)}) and answers nobody who names none: set ${sink.kind}.tenant to the tenant that ` +
        `the shipper sends its lines for${sent === undefined ? "" : `, which is ${sent} by its configuration`}.`,
    });
  if (needsTenant && tenant !== undefined && sent !== undefined && !tenant.split("|").includes(sent))
    problems.push({
      at: config.at([sink.kind, "tenant"]),
      text: `${sink.kind}.tenant is ${tenant}, but the shipper sends its lines for ${sent} by its configuration, so none of them would be found. Name that one.`,
    });
  for (const target of targets)
    if (target.service === sink.reader && target.port !== port)
      problems.push({
        at: undefined,
        text: `the shipper pushes to port ${target.port} of ${target.service}, which listens at ${port} by its configuration (${where(portKey)}). Correct one of them.`,
      });
  return problems;
}

/**
 * A name without a dot is that of a container. If none of the stack has it, it may be one in an external network, which a run's stack cannot
 * reach.
 */
function nowhere({ pipeline, model, lines }: Looked, shipper: string, text: string): StackProblem[] {
  const host = URL.parse(text)?.hostname;
  const { extra_hosts: hosts } = model.services[shipper]!;
  const isKnown =
    host === undefined ||
    /[.:]|^localhost$/.test(host) ||
    Object.entries(model.services).some(([name, service]) => namesOf(name, service).includes(host)) ||
    (hosts ?? []).some((line) => line.split(/[=:]/)[0] === host) ||
    pipeline.sink.access?.url !== undefined;
  if (isKnown) return [];
  return [
    {
      at: lines.at(["services", shipper]),
      text:
        `${shipper} pushes to ${text}, and no service of the Compose files has the name ${host}; a run's networks are its own, so it would reach ` +
        "nothing there. Add the Compose file that has it, or let the shipper push to a service of the stack.",
    },
  ];
}

/** Containers reach each other in a network that they share. */
function apart({ model, lines }: Looked, shipper: string, target: string): StackProblem[] {
  const [one, other] = [model.services[shipper]!, model.services[target]!];
  if (one.network_mode !== undefined || other.network_mode !== undefined || shipper === target) return [];
  const networks = [Object.keys(one.networks), Object.keys(other.networks)] as const;
  if (networks[0].some((network) => networks[1].includes(network))) return [];
  return [
    {
      at: lines.at(["services", shipper, "networks"]),
      text:
        `${shipper} pushes to ${target}, and the two share no network: ${shipper} is in ${networks[0].join(", ") || "none"}, ${target} in ` +
        `${networks[1].join(", ") || "none"}. Put both into one.`,
    },
  ];
}
