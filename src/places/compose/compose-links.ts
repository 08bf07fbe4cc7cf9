import type Docker from "dockerode";
import { endsOf, type LinkName, linkOf, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import type { LinkState, Links } from "../place.ts";
import type { ComposeInstance } from "./compose-instance.ts";

/** What a reconnect has to restore: without its aliases a service's name no longer resolves, and fixed addresses and `links` are lost too. */
type Endpoint = Pick<Docker.EndpointSettings, "Aliases" | "IPAMConfig" | "Links">;

/** What links need from their stack. */
export interface LinksOptions {
  docker: Docker;
  pipeline: Pipeline;
  instances: (services: readonly string[]) => ComposeInstance[];
  project: string;
  /** The engine's names of the project's networks, by their names in the Compose file. */
  networks: ReadonlyMap<string, string>;
}

/** Each link has its own network. To cut a link, the containers at one of its ends leave that network; to heal it, they join it again. */
export class ComposeLinks implements Links {
  readonly #options: LinksOptions;
  /** For each cut link, the endpoint that each disconnected instance had. */
  readonly #taken = new Map<LinkName, Map<string, Endpoint>>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** The engine's name of a network of the Compose file. */
  networkName(network: string): string {
    const { networks, project } = this.#options;
    return networks.get(network) ?? `${project}_${network}`;
  }

  /** @throws the engine's error, after all other requests have ended */
  async cut(link: LinkName): Promise<number> {
    const { instances, network, networkId } = this.#lookUp(link);
    const endpoints = this.#taken.get(link) ?? new Map<string, Endpoint>();
    this.#taken.set(link, endpoints);
    const disconnected = instances.map(async ({ name, container }) => {
      const { NetworkSettings: settings } = await container.inspect();
      const endpoint = settings.Networks[networkId];
      // A container that is not in the network was disconnected before, and the engine will report that.
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

  /** A link is cut if both ends run and share no network: with another shared network, two containers could still communicate. */
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
