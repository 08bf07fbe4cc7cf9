import { readFile, writeFile } from "node:fs/promises";
import type Docker from "dockerode";
import { UnavailableError } from "../../base/errors.ts";
import { isSecretName } from "../../base/redact.ts";
import { type MonitoringParts, monitoringPartsOf } from "../../pipeline/monitoring.ts";
import {
  allPartsOf,
  attachedProject,
  type Part,
  type PartImage,
  type Pipeline,
} from "../../pipeline/pipeline.ts";
import type { ImageOptions } from "../images/image-options.ts";
import { resolvePartImage, resolveReference } from "../images/images.ts";
import type { Instance } from "../instance.ts";
import type { MountNote } from "../mount-note.ts";
import type { MonitoringInstances, MountProof, Stack } from "../place.ts";
import type { StackChange } from "../stack-change.ts";
import type { ResolvedImage, StackImage } from "../stack-image.ts";
import { ComposeInstance } from "./compose-instance.ts";
import { ComposeLinks } from "./compose-links.ts";
import { clockOffsetMs } from "./container.ts";
import { imageOfContainer } from "./image-of-container.ts";
import { containersOf, type NamedContainer, nameInstances } from "./instances.ts";
import { killAtOnce } from "./kill-at-once.ts";
import { projectLabel } from "./project.ts";
import type { Recreate } from "./recreate.ts";
import type { StartedOwn } from "./start-own.ts";

/** What only the code that started a stack knows about it. */
export interface Started {
  /** The image of each service; if undefined, the engine is asked. */
  images?: StackImage[];
  /** Undefined for a stack that was attached to. */
  recreate?: Recreate;
  /** Only for a stack that was started from the user's own files. */
  own?: StartedOwn;
  /** What watches it for alerts. */
  monitoring?: MonitoringParts | undefined;
  /** The path of the configuration file that Prometheus has mounted, if that is Everyline's. */
  prometheusConfig?: string | undefined;
}

/** A Compose project on the engine. Each of its services has one or more containers. */
export class ComposeStack implements Stack {
  readonly docker: Docker;
  readonly pipeline: Pipeline;
  readonly project: string;
  readonly images: StackImage[];
  readonly services: readonly string[];
  readonly links: ComposeLinks;
  readonly #instances: ReadonlyMap<string, ComposeInstance>;
  /** What watches it for alerts. */
  readonly #watching: readonly ComposeInstance[];
  readonly #own: StartedOwn | undefined;
  readonly companions: readonly ComposeInstance[];
  readonly monitoring: MonitoringInstances | undefined;
  readonly proveMounts?: () => Promise<MountProof>;
  readonly killAtOnce?: (instances: readonly Instance[]) => Promise<void>;

  private constructor(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    { images, recreate, own, monitoring, prometheusConfig }: Started & { images: StackImage[] },
    { containers, companions, monitors, networks, clockOffsetMs }: Found,
  ) {
    this.docker = docker;
    this.pipeline = pipeline;
    this.project = project;
    this.images = images;
    this.#own = own;
    if (own !== undefined) this.proveMounts = own.proveMounts;
    const shell = images.find(({ service }) => service in (pipeline.kafka?.services ?? {}));
    if (shell !== undefined)
      this.killAtOnce = (instances) => killAtOnce(docker, project, shell.id, instances);
    const replace =
      recreate &&
      (async (service: string, { reference }: Omit<StackImage, "service">) => {
        await recreate(service, reference);
        return (await containersOf(docker, project, service))[0]?.id;
      });
    // What the containers of the user's own stack logged before is nothing of the run.
    const loggedSinceSeconds =
      attachedProject(pipeline) === undefined ? undefined : Math.floor((Date.now() + clockOffsetMs) / 1_000);
    const instances = containers.map((container) => {
      const { port } = allPartsOf(pipeline).find(({ services }) => container.service in services)!;
      const common = { docker, project, clockOffsetMs, loggedSinceSeconds };
      return new ComposeInstance(container, { ...common, port, images, replace });
    });
    this.#instances = new Map(instances.map((instance) => [instance.name, instance]));
    this.companions = companions.map(
      (container) =>
        new ComposeInstance(container, { docker, project, clockOffsetMs, port: undefined, images }),
    );
    const parts: Part[] = monitoring === undefined ? [] : monitoringPartsOf(monitoring);
    this.#watching = monitors.map((container) => {
      const port = parts.find(({ services }) => container.service in services)?.port;
      return new ComposeInstance(container, { docker, project, clockOffsetMs, port, images });
    });
    this.monitoring = monitoring && {
      ...monitoringIn(this.#watching, monitoring),
      ...(prometheusConfig !== undefined && { changeConfig: changerOf(prometheusConfig) }),
    };
    this.services = [...new Set(instances.map(({ service }) => service))];
    this.links = new ComposeLinks({
      docker,
      pipeline,
      instances: (services) => this.instances(services),
      project,
      networks,
    });
  }

  /**
   * The stack of a project whose containers exist.
   *
   * @throws UnavailableError if a service has no container
   */
  static async of(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    { images, ...started }: Started,
  ): Promise<ComposeStack> {
    const containers = await containersIn(docker, pipeline, project);
    const networks = await networksOf(docker, project);
    const companions = await companionsIn(docker, project, started.own?.companions ?? []);
    const parts = started.monitoring === undefined ? [] : monitoringPartsOf(started.monitoring);
    const services = parts.flatMap((part) => Object.keys(part.services));
    const monitors = await companionsIn(docker, project, services);
    const found = { containers, companions, monitors, networks, clockOffsetMs: await clockOffsetMs(docker) };
    const known = { ...started, images: images ?? (await imagesOf(docker, containers)) };
    return new ComposeStack(docker, pipeline, project, known, found);
  }

  get notes(): readonly MountNote[] {
    return this.#own?.notes ?? [];
  }

  instances(services: readonly string[] = this.services): ComposeInstance[] {
    return [...this.#instances.values(), ...this.#watching].filter(({ service }) =>
      services.includes(service),
    );
  }

  instance(name: string): ComposeInstance {
    const instance = this.#instances.get(name) ?? this.#watching.find((watching) => watching.name === name);
    if (instance !== undefined) return instance;
    const names = [...this.#instances.keys()].join(", ");
    throw new RangeError(`${name} is no instance of ${this.pipeline.name}; it has: ${names}`);
  }

  async resolveImage(image: string | PartImage, options: ImageOptions): Promise<ResolvedImage> {
    return typeof image === "string"
      ? resolveReference(this.docker, image, options)
      : resolvePartImage(this.docker, image, options);
  }

  async changes(services: readonly string[]): Promise<StackChange[]> {
    const changes = services.map(async (service): Promise<StackChange[]> => {
      const now = await containersOf(this.docker, this.project, service);
      const known = this.instances([service]);
      const isKnown = (id: string) => known.some(({ container }) => container.id === id);
      const others = now.filter(({ id, isUp }) => isUp && !isKnown(id));
      const gone = known.filter(({ container }) => !now.some(({ id }) => id === container.id));
      return [
        ...gone.map(({ name }) => ({ code: "instance-gone" as const, instance: name })),
        ...others.map(({ name }) => ({ code: "instance-new" as const, service, name })),
      ];
    });
    return (await Promise.all(changes)).flat();
  }

  async secrets(): Promise<string[]> {
    const environments = await Promise.all(
      [...this.instances(), ...this.companions].map(
        async ({ container }) => (await container.inspect()).Config.Env,
      ),
    );
    return environments.flat().flatMap((variable) => {
      const [name = "", ...value] = variable.split("=");
      return isSecretName(name) ? [value.join("=")] : [];
    });
  }
}

/** Changes a file in its place, as a container that has mounted it would not see another file in its stead. */
function changerOf(path: string): NonNullable<MonitoringInstances["changeConfig"]> {
  return async (change) => writeFile(path, change(await readFile(path, "utf8")));
}

/** @throws RangeError if a service has no container */
function monitoringIn(
  all: readonly ComposeInstance[],
  { prometheus, alertmanager, receiver }: MonitoringParts,
): MonitoringInstances {
  const instanceOf = ({ services }: Part) => {
    const found = all.find(({ service }) => service in services);
    if (found === undefined) throw new RangeError(`${Object.keys(services).join(", ")} has no container`);
    return found;
  };
  return {
    prometheus: instanceOf(prometheus),
    alertmanager: alertmanager && instanceOf(alertmanager),
    receiver: receiver && instanceOf(receiver),
    all,
  };
}

/** What the engine reports about a project. */
interface Found {
  containers: NamedContainer[];
  companions: NamedContainer[];
  /** What watches for alerts. */
  monitors: NamedContainer[];
  networks: ReadonlyMap<string, string>;
  clockOffsetMs: number;
}

/**
 * The containers of a pipeline's services. In a stack that was attached to, a container that has exited is left out, unless its service has
 * no other. In a stack that the run started, every container counts.
 *
 * @throws UnavailableError if a service has no container
 */
async function containersIn(docker: Docker, pipeline: Pipeline, project: string): Promise<NamedContainer[]> {
  const services = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
  const listed = services.map(async (service) => {
    const containers = await containersOf(docker, project, service);
    if (containers.length === 0)
      throw new UnavailableError(
        `the Compose project ${project} has no container of the service ${service}.`,
      );
    const up = attachedProject(pipeline) === undefined ? [] : containers.filter(({ isUp }) => isUp);
    return [service, up.length > 0 ? up : containers] as const;
  });
  return nameInstances(new Map(await Promise.all(listed)));
}

/** The containers of services beside the pipeline; one that has done its work and is gone is left out. */
async function companionsIn(
  docker: Docker,
  project: string,
  services: readonly string[],
): Promise<NamedContainer[]> {
  const listed = services.map(
    async (service) => [service, await containersOf(docker, project, service)] as const,
  );
  return nameInstances(new Map(await Promise.all(listed)));
}

/** The engine's names of a project's networks, by their names in the Compose file. */
async function networksOf(docker: Docker, project: string): Promise<Map<string, string>> {
  const networks = await docker.listNetworks({ filters: { label: [`${projectLabel}=${project}`] } });
  return new Map(
    networks.flatMap(({ Name: name, Labels: labels }) => {
      const key = labels?.["com.docker.compose.network"];
      return key === undefined ? [] : [[key, name] as const];
    }),
  );
}

/** Each image that a service runs, once. */
async function imagesOf(docker: Docker, containers: NamedContainer[]): Promise<StackImage[]> {
  const images = await Promise.all(
    containers.map(({ service, containerId }) => imageOfContainer(docker, service, containerId)),
  );
  return images.filter(
    ({ service, id }, index) =>
      images.findIndex((other) => other.service === service && other.id === id) === index,
  );
}
