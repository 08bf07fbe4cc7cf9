import type Docker from "dockerode";
import { z } from "zod";
import { endsOf, type LinkName, linkNames, linkOf, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/compose/stack.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, shows } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader } from "./targets.ts";

const schema = z.strictObject({ kind: z.literal("disconnect"), target: z.enum(linkNames) });

/** Who was taken from which network, which networks the ends share all the same, and whether both ends run. */
const evidence = z.object({
  code: z.literal("cut"),
  instances: z.array(z.string()),
  network: z.string(),
  shared: z.array(z.string()),
  bothRun: z.boolean(),
  /** Instances of the ends that another fault of the schedule holds down. */
  heldDown: z.array(z.string()),
});

type CutEvidence = z.infer<typeof evidence>;

export const disconnect = {
  summary: "A link is cut until it heals: all that stand at one of its ends are taken from its network.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => linkOf(pipeline, target).disconnect,
  breaks: ({ target }) => [target],
  /** A sink that the shipper reaches without a part between is asked over the same network. */
  pausesReading: ({ target }, pipeline) =>
    endsOf(target).includes("shipper") && includesReader(pipeline, linkOf(pipeline, target).disconnect),
  unsupportedReason: ({ target }, pipeline) =>
    target in pipeline.links
      ? undefined
      : `needs a network of its own between ${endsOf(target).join(" and ")}`,
  simpler: () => [],
  expected({ target }, pipeline) {
    const { network, disconnect } = linkOf(pipeline, target);
    const [one, other] = endsOf(target);
    return (
      `${disconnect.join(", ")}: not on the network ${network}; ${one} and ${other} run and share no network, when it is cut and ` +
      `still when it heals; lines are written meanwhile`
    );
  },
  create: ({ target }, context) =>
    onEveryInstance(context, servicesAt(context.stack.pipeline, target), new Disconnect(context, target)),
  clause: ({ target, times, held }) => `the link ${target} was cut${times}${held}`,
  describe({ instances, network, shared, bothRun, heldDown }) {
    const rest = shared.length === 0 ? "the ends share no other" : `but the ends share ${shared.join(", ")}`;
    const byAnother = `until another fault brought down ${heldDown.join(", ")}`;
    const ran = bothRun ? "while both ran" : "but not all of the ends run";
    return `${instances.join(", ")} taken from the network ${network}, ${rest}, ${heldDown.length > 0 ? byAnother : ran}`;
  },
} satisfies FaultKind<typeof schema, CutEvidence>;

function servicesAt(pipeline: Pipeline, link: LinkName): string[] {
  return endsOf(link).flatMap((part) => servicesOf(pipeline, part));
}

/** What has to be given again: without its aliases a service's name no longer resolves, and neither fixed addresses nor `links` are kept. */
type Endpoint = Pick<Docker.EndpointSettings, "Aliases" | "IPAMConfig" | "Links">;

/** `docker network disconnect` of all that stand at one end of a link, and `connect` with the same aliases when the fault heals. */
class Disconnect implements Fault<CutEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #stack: Stack;
  readonly #link: LinkName;
  readonly #instances: string[];
  readonly #network: string;
  readonly #networkId: string;
  readonly #endpoints = new Map<string, Endpoint>();
  #injectedAtMs = 0;

  constructor(context: FaultContext, link: LinkName) {
    const { stack } = context;
    const { network, disconnect } = linkOf(stack.pipeline, link);
    this.#context = context;
    this.#stack = stack;
    this.#link = link;
    this.#instances = stack.instancesOf(disconnect);
    this.#network = network;
    this.#networkId = stack.networkName(network);
  }

  async inject(): Promise<number> {
    this.#injectedAtMs = Date.now();
    const network = this.#stack.docker.getNetwork(this.#networkId);
    const disconnected = this.#instances.map(async (instance) => {
      const container = this.#stack.container(instance);
      const { NetworkSettings: settings } = await container.inspect();
      const { Aliases = [], IPAMConfig = {}, Links = [] } = settings.Networks[this.#networkId] ?? {};
      this.#endpoints.set(instance, { Aliases, IPAMConfig, Links });
      await network.disconnect({ Container: container.id });
      return Date.now();
    });
    return Math.max(...(await allEnded(disconnected)));
  }

  /** Cut is a link whose ends both run and share no network: two containers that are left on another one still talk. */
  async prove(): Promise<Proof<CutEvidence | CommonEvidence>> {
    const { holds } = this.#context;
    const all = this.#stack.instancesOf(servicesAt(this.#stack.pipeline, this.#link));
    const replaced = all.filter((name) => holds.wasDoneByAnother("replaced", name, this.#injectedAtMs));
    if (replaced.length > 0)
      return shows(...replaced.map((instance) => ({ code: "ended-by-another" as const, instance })));
    // Not while another fault restarts one of them.
    const ends = await holds.alone(all, () => Promise.all(endsOf(this.#link).map((part) => this.#endOf(part))));
    const [one, other] = ends as [End, End];
    const shared = [...new Set(one.networks.filter((name) => other.networks.includes(name)))];
    const bothRun = one.isUp && other.isUp;
    const heldDown = [...one.heldDown, ...other.heldDown];
    const found = { instances: this.#instances, network: this.#network, shared, bothRun, heldDown };
    return {
      effective: bothRun && shared.length === 0,
      evidence: [{ code: "cut", ...found }],
    };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    const network = this.#stack.docker.getNetwork(this.#networkId);
    await Promise.all(
      [...this.#endpoints].map(async ([instance, endpoint]) => {
        const { networks } = await this.#stack.state(instance);
        if (networks.includes(this.#networkId)) return;
        await network.connect({ Container: this.#stack.container(instance).id, EndpointConfig: endpoint });
      }),
    );
    return healedAtMs;
  }

  async #endOf(part: string): Promise<End> {
    const instances = this.#stack.instancesOf(servicesOf(this.#stack.pipeline, part));
    const heldDown = instances.filter((instance) => this.#context.holds.byAnother("down", instance));
    const states = await Promise.all(
      instances.map(async (instance) => ({ instance, ...(await this.#stack.state(instance)) })),
    );
    return {
      isUp: states.every(({ instance, running }) => running || heldDown.includes(instance)),
      networks: states.flatMap(({ networks }) => networks),
      heldDown,
    };
  }
}

interface End {
  /** Runs, or is down because another fault holds it down. */
  isUp: boolean;
  networks: string[];
  heldDown: string[];
}
