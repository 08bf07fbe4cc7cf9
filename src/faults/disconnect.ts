import type Docker from "dockerode";
import { endsOf, type LinkName, linkOf, type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import type { Stack } from "../places/compose/stack.ts";
import { allEnded, type Fault, type FaultContext, type Proof } from "./fault.ts";

/** What has to be given again: without its aliases a service's name no longer resolves, and neither fixed addresses nor `links` are kept. */
type Endpoint = Pick<Docker.EndpointSettings, "Aliases" | "IPAMConfig" | "Links">;

/** `docker network disconnect` of all that stand at one end of a link, and `connect` with the same aliases when the fault heals. */
export class Disconnect implements Fault {
  readonly #stack: Stack;
  readonly #link: LinkName;
  readonly #instances: string[];
  readonly #network: string;
  readonly #networkId: string;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor({ stack }: FaultContext, link: LinkName) {
    const { network, disconnect } = linkOf(stack.pipeline, link);
    this.#stack = stack;
    this.#link = link;
    this.#instances = stack.instancesOf(disconnect);
    this.#network = network;
    this.#networkId = stack.networkName(network);
  }

  /** What is asked of it before it counts, in words. */
  static expected(pipeline: Pipeline, link: LinkName): string {
    const { network, disconnect } = linkOf(pipeline, link);
    const [one, other] = endsOf(link);
    return (
      `${disconnect.join(", ")}: not on the network ${network}; ${one} and ${other} run and share no network, when it is cut and ` +
      `still when it heals; lines are written meanwhile`
    );
  }

  async inject(): Promise<number> {
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
  async prove(): Promise<Proof> {
    const ends = await Promise.all(
      endsOf(this.#link).map(async (part) => {
        const instances = this.#stack.instancesOf(servicesOf(this.#stack.pipeline, part));
        const states = await Promise.all(instances.map((instance) => this.#stack.state(instance)));
        return {
          running: states.every(({ running }) => running),
          networks: states.flatMap(({ networks }) => networks),
        };
      }),
    );
    const [one, other] = ends as [(typeof ends)[0], (typeof ends)[0]];
    const shared = one.networks.filter((name) => other.networks.includes(name));
    const left = `${this.#instances.join(", ")} taken from the network ${this.#network}`;
    const rest =
      shared.length === 0
        ? "the ends share no other"
        : `but the ends share ${[...new Set(shared)].join(", ")}`;
    const state = one.running && other.running ? "while both ran" : "but not all of the ends run";
    return {
      effective: one.running && other.running && shared.length === 0,
      evidence: `${left}, ${rest}, ${state}`,
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
}
