import { isIPv4 } from "node:net";
import { UsageError } from "../../base/errors.ts";
import type { ComposeModel } from "./compose-model.ts";

/** 198.18.0.0/15, which RFC 2544 reserves for tests between networks. */
const testRange = { start: 0xc6_12_00_00, size: 2 ** 17 };
/** The largest subnet that a run uses in place of a user's. */
const minPrefix = 16;

/** A range of IPv4 addresses. */
interface Range {
  start: number;
  size: number;
}

/** A network with fixed addresses that a run puts elsewhere, because this machine has its subnet already. */
export interface MovedNetwork {
  /** Its name in the Compose file. */
  network: string;
  from: string;
  to: string;
  /** By service: its address in the run. */
  addresses: ReadonlyMap<string, string>;
}

/** What decides about subnets. */
export interface SubnetOptions {
  started: readonly string[];
  /** The subnets of the networks that the engine has. */
  taken: readonly string[];
  /** The texts in which a service's settings stand. */
  textsOf: (service: string) => Promise<readonly { where: string; text: string }[]>;
  /** A number below 1 that decides where a free subnet is looked for first, so that runs at one time choose different ones. */
  random: number;
}

/** Whether a service that is started has a fixed address in a network. */
export function isAddressed(
  { services }: ComposeModel,
  network: string,
  started: readonly string[],
): boolean {
  return started.some((name) => {
    const endpoint = services[name]!.networks[network];
    return Boolean(endpoint?.ipv4_address || endpoint?.ipv6_address);
  });
}

/**
 * Finds the networks with fixed addresses whose subnets are taken, and a free subnet for each.
 *
 * @throws UsageError naming the network and what to do, if one cannot be moved because settings name addresses in it
 */
export async function movedNetworks(model: ComposeModel, options: SubnetOptions): Promise<MovedNetwork[]> {
  const moved: MovedNetwork[] = [];
  for (const [network, { ipam, external }] of Object.entries(model.networks)) {
    if (external || !isAddressed(model, network, options.started)) continue;
    const subnets = (ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? []);
    const from = subnets.find((subnet) => options.taken.some((other) => overlap(subnet, other)));
    if (from === undefined) continue;
    await assertUnnamed(model, network, from, options);
    const others = [...options.taken, ...moved.map(({ to }) => to)];
    moved.push(move(model, network, from, { ...options, taken: others }));
  }
  return moved;
}

function move(
  model: ComposeModel,
  network: string,
  from: string,
  { started, taken, random }: SubnetOptions,
): MovedNetwork {
  const old = rangeOf(from);
  const fixed = started.flatMap((name) => {
    const address = model.services[name]!.networks[network]?.ipv4_address;
    return address === undefined ? [] : [[name, address] as const];
  });
  const hasOther = started.some((name) => model.services[name]!.networks[network]?.ipv6_address);
  const size = Math.min(old?.size ?? 0, 2 ** (32 - minPrefix));
  const places =
    old === undefined ? [] : fixed.map(([name, text]) => [name, toNumber(text) - old.start] as const);
  if (old === undefined || hasOther || places.some(([, offset]) => offset < 0 || offset >= size))
    throw refusal(network, from, "and its addresses cannot be moved to another one");
  const count = testRange.size / size;
  const first = Math.floor(random * count);
  const candidates = Array.from({ length: Math.min(count, 512) }, (_, index) => (first + index) % count);
  const free = candidates
    .map((index) => `${toText(testRange.start + index * size)}/${32 - Math.log2(size)}`)
    .find((subnet) => !taken.some((other) => overlap(subnet, other)));
  if (free === undefined) throw refusal(network, from, "and no subnet for tests is free");
  const { start } = rangeOf(free)!;
  return {
    network,
    from,
    to: free,
    addresses: new Map(places.map(([name, offset]) => [name, toText(start + offset)])),
  };
}

/** An address in a setting would lead to the old subnet. */
async function assertUnnamed(
  model: ComposeModel,
  network: string,
  subnet: string,
  { started, textsOf }: SubnetOptions,
): Promise<void> {
  for (const service of started) {
    const hosts = { where: "extra_hosts", text: (model.services[service]!.extra_hosts ?? []).join("\n") };
    for (const { where, text } of [...(await textsOf(service)), hosts]) {
      const named = text.match(/(?<![\d.])\d{1,3}(\.\d{1,3}){3}(?![\d.])/g) ?? [];
      const address = named.find((one) => isIPv4(one) && overlap(`${one}/32`, subnet));
      if (address !== undefined)
        throw refusal(network, subnet, `and ${service} names ${address} in it (${where})`);
    }
  }
}

function refusal(network: string, subnet: string, why: string): UsageError {
  return new UsageError(
    `the network ${network} has the fixed subnet ${subnet}, which another network of this machine has already, ${why}. ` +
      "Stop the stack that has it, let services name each other instead of addresses, or attach with --project NAME.",
  );
}

/** Whether two subnets share an address; false if one is not IPv4, unless both are the same text. */
function overlap(one: string, other: string): boolean {
  const [first, second] = [rangeOf(one), rangeOf(other)];
  if (first === undefined || second === undefined) return one === other;
  return first.start < second.start + second.size && second.start < first.start + first.size;
}

function rangeOf(subnet: string): Range | undefined {
  const [address = "", prefix = "32"] = subnet.split("/");
  const bits = Number(prefix);
  if (!isIPv4(address) || !Number.isInteger(bits) || bits < 0 || bits > 32) return undefined;
  const size = 2 ** (32 - bits);
  return { start: Math.floor(toNumber(address) / size) * size, size };
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}
