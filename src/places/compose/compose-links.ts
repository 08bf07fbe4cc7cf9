import type Docker from "dockerode";
import { endsOf, type LinkName, linkOf, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import type { LinkState, Links } from "../place.ts";
import type { ComposeInstance } from "./compose-instance.ts";

/** What has to be given again: without its aliases a service's name no longer resolves, and neither fixed addresses nor `links` are kept. */
type Endpoint = Pick<Docker.EndpointSettings, "Aliases" | "IPAMConfig" | "Links">;

/** What links take from the stack that they belong to. */
export interface LinksOptions {
  docker: Docker;
  pipeline: Pipeline;
  instances: (services: readonly string[]) => ComposeInstance[];
  project: string;
  /** The engine's names of the project's networks, by their names in the Compose file. */
  networks: ReadonlyMap<string, string>;
}

/** Each link has a network of its own, which those at one of its ends leave when it is cut, and join again when it heals. */
export class ComposeLinks implements Links {
  readonly #options: LinksOptions;
  /** What each instance had before it was taken from a link's network. */
  readonly #taken = new Map<LinkName, Map<string, Endpoint>>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** The engine's name of a network of the Compose file. */
  networkName(network: string): string {
    const { networks, project } = this.#options;
    return networks.get(network) ?? `${project}_${network}`;
  }

  /** @throws whatever the engine refused, once nothing is under way any more */
  async cut(link: LinkName): Promise<number> {
    const { instances, network, networkId } = this.#lookUp(link);
    const endpoints = this.#taken.get(link) ?? new Map<string, Endpoint>();
    this.#taken.set(link, endpoints);
    const disconnected = instances.map(async ({ name, container }) => {
      const { NetworkSettings: settings } = await container.inspect();
      const endpoint = settings.Networks[networkId];
      // One that is not there was taken before, and the engine will say so.
      if (endpoint !== undefined) {
        const { Aliases = [], IPAMConfig = {}, Links = [] } = endpoint;
        endpoints.set(name, { Aliases, IPAMConfig, Links });
      }
      await network.disconnect({ Container: container.id });
      return Date.now();
    });
    await Promise.allSettled(disconnected);
    return Math.max(...(await Promise.all(disconnected)));
  }

  async heal(link: LinkName): Promise<number> {
    const healedAtMs = Date.now();
    const { instances, network, networkId } = this.#lookUp(link);
    const endpoints = this.#taken.get(link) ?? new Map<string, Endpoint>();
    await Promise.all(
      instances.map(async ({ name, container }) => {
        const endpoint = endpoints.get(name);
        if (endpoint === undefined || (await networksOf(container)).includes(networkId)) return;
        await network.connect({ Container: container.id, EndpointConfig: endpoint });
      }),
    );
    return healedAtMs;
  }

  /** Cut is a link whose ends both run and share no network: two containers that are left on another one still talk. */
  async state(link: LinkName): Promise<LinkState> {
    const { instances, name } = this.#lookUp(link);
    const [one, other] = await Promise.all(endsOf(link).map((part) => this.#endOf(part)));
    const shared = one!.networks.filter((network) => other!.networks.includes(network));
    const endsRun = one!.run && other!.run;
    return {
      isCut: endsRun && shared.length === 0,
      network: name,
      taken: instances.map((instance) => instance.name),
      shared: [...new Set(shared)],
      endsRun,
    };
  }

  async #endOf(part: string): Promise<{ run: boolean; networks: string[] }> {
    const { pipeline, instances } = this.#options;
    const looks = instances(servicesOf(pipeline, part)).map(async (instance) => ({
      running: (await instance.state()).running,
      networks: await networksOf(instance.container),
    }));
    const looked = await Promise.all(looks);
    return {
      run: looked.every(({ running }) => running),
      networks: looked.flatMap(({ networks }) => networks),
    };
  }

  #lookUp(link: LinkName) {
    const { docker, pipeline, instances } = this.#options;
    const { network: name, disconnect } = linkOf(pipeline, link);
    const networkId = this.networkName(name);
    return { instances: instances(disconnect), network: docker.getNetwork(networkId), networkId, name };
  }
}

async function networksOf(container: Docker.Container): Promise<string[]> {
  return Object.keys((await container.inspect()).NetworkSettings.Networks);
}
