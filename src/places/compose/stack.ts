import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type Docker from "dockerode";
import { UnavailableError } from "../../base/errors.ts";
import { isSecretName, type Redactor } from "../../base/redact.ts";
import { allPartsOf, attachedProject, type Pipeline } from "../../pipeline/pipeline.ts";
import type { ImageOptions } from "../images/image-options.ts";
import { describeImage, type ResolvedImage } from "../images/images.ts";
import type { Usage } from "../usage.ts";
import {
  type ContainerState,
  clockOffsetMs,
  logsOf,
  publishedAt,
  publishedPort,
  stateOf,
  unlessGone,
} from "./container.ts";
import { usageOfContainer } from "./container-usage.ts";
import { containersOf, type Instance, nameInstances } from "./instances.ts";
import { projectLabel, projectName, removeProject } from "./project.ts";
import type { MountProof } from "./prove-mounts.ts";
import { copyPipeline, startFixture } from "./start-fixture.ts";
import { copyOwn, type StartedOwn, startOwn } from "./start-own.ts";

/** An image as a report names it. */
export interface StackImage {
  service: string;
  reference: string;
  id: string;
  origin: ResolvedImage["origin"];
  version: string;
}

/** Has Compose replace the container of a service by one that runs another image, with everything else as it was. */
export type Recreate = (service: string, reference: string) => Promise<void>;

/** What `Stack.up` needs beside the pipeline. */
export interface StackOptions extends ImageOptions {
  runId: string;
  /** The folder the pipeline's files are copied to and started from, so that a report holds what was really run. */
  folder: string;
  /** The folder the load writes into. */
  logsFolder: string;
  /** The folder for copies of files of the user's that a container may write into. */
  copiesFolder?: string | undefined;
  /** Compose variables beside those that Everyline sets by itself. */
  variables?: Record<string, string>;
}

/** What a stack is made of that only those who started it know. */
interface Started {
  /** Which image each service runs; the engine is asked if undefined. */
  images?: StackImage[];
  /** Undefined for a stack that was up before. */
  recreate?: Recreate;
  /** Of a stack that was started from the user's own files. */
  own?: StartedOwn;
}

/** More than a report shows of any container. */
const keptLogLines = 10_000;

/**
 * A pipeline that runs: one Compose project on the engine, each of its services with one instance or several. Ports are ephemeral and
 * change when a container leaves a network and comes back, or is replaced, so ask for `url` anew each time.
 */
export class Stack {
  readonly docker: Docker;
  readonly pipeline: Pipeline;
  readonly project: string;
  /** Which image each service runs, and those that `replace` gave it. */
  readonly images: StackImage[];
  /** By name. */
  readonly #instances: Map<string, Instance>;
  readonly #recreate: Recreate | undefined;
  readonly #own: StartedOwn | undefined;
  /** What containers that were replaced wrote, by instance. */
  readonly #formerLogs = new Map<string, string>();
  readonly #networks: ReadonlyMap<string, string>;
  readonly #clockOffsetMs: number;

  private constructor(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    { images, recreate, own }: Started & { images: StackImage[] },
    instances: Instance[],
    networks: ReadonlyMap<string, string>,
    clockOffsetMs: number,
  ) {
    this.docker = docker;
    this.pipeline = pipeline;
    this.project = project;
    this.images = images;
    this.#recreate = recreate;
    this.#own = own;
    this.#instances = new Map(instances.map((instance) => [instance.name, instance]));
    this.#networks = networks;
    this.#clockOffsetMs = clockOffsetMs;
  }

  /**
   * Starts the containers, or attaches to those that are up; does not wait until they are ready. Whatever was started stays until
   * `removeProject`, also when this throws.
   *
   * @throws UnavailableError if an image cannot be had or Compose fails, with what it said
   */
  static async up(docker: Docker, pipeline: Pipeline, options: StackOptions): Promise<Stack> {
    const { deployment } = pipeline;
    if (deployment.kind === "fixture") {
      const project = projectName(options.runId);
      return Stack.#of(
        docker,
        pipeline,
        project,
        await startFixture(docker, pipeline, deployment, project, options),
      );
    }
    const project = deployment.project ?? projectName(options.runId);
    if (deployment.project !== undefined) return Stack.#of(docker, pipeline, project, {});
    const own = await startOwn(docker, pipeline, deployment, project, options);
    return Stack.#of(docker, pipeline, project, { recreate: own.recreate, own });
  }

  static async #of(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    { images, ...started }: Started,
  ): Promise<Stack> {
    const instances = await instancesIn(docker, pipeline, project);
    const networks = await networksOf(docker, project);
    const offsetMs = await clockOffsetMs(docker);
    const known = { ...started, images: images ?? (await imagesOf(docker, instances)) };
    return new Stack(docker, pipeline, project, known, instances, networks, offsetMs);
  }

  /** Every service of the pipeline, those that a line passes first, in that order. */
  get services(): string[] {
    return [...new Set([...this.#instances.values()].map(({ service }) => service))];
  }

  /** Every instance of the pipeline, those that a line passes first, in that order. */
  get instances(): string[] {
    return [...this.#instances.keys()];
  }

  /** The instances of some services: each goes by the service's name where that has no other. */
  instancesOf(services: string[]): string[] {
    return [...this.#instances.values()].flatMap(({ name, service }) =>
      services.includes(service) ? [name] : [],
    );
  }

  /**
   * What has changed since the stack was up, though no fault did it: containers that are gone, and others that serve in their place or
   * beside them; a few words for each.
   */
  async changes(services: string[]): Promise<string[]> {
    const changes = services.map(async (service) => {
      const now = await containersOf(this.docker, this.project, service);
      const known = [...this.#instances.values()].filter((instance) => instance.service === service);
      const isKnown = (id: string) => known.some(({ containerId }) => containerId === id);
      const others = now.filter(({ id, isUp }) => isUp && !isKnown(id));
      const gone = known.filter(({ containerId }) => !now.some(({ id }) => id === containerId));
      return [
        ...gone.map(({ name }) => `the container of ${name} is gone`),
        ...others.map(
          ({ name }) => `the container ${name} of ${service} runs, which did not when the run began`,
        ),
      ];
    });
    return (await Promise.all(changes)).flat();
  }

  /** The container of an instance: the same until `replace` puts another in its place. */
  container(instance: string): Docker.Container {
    return this.docker.getContainer(this.#instance(instance).containerId);
  }

  /**
   * The state of an instance's container, with the engine's times on this machine's clock.
   *
   * @throws Error if it is gone
   */
  async state(instance: string): Promise<ContainerState> {
    const state = await this.findState(instance);
    if (state === undefined)
      throw new Error(`the container of ${instance} is gone: something removed or replaced it`);
    return state;
  }

  /** Likewise; undefined if it is gone. */
  async findState(instance: string): Promise<ContainerState | undefined> {
    return unlessGone(stateOf(this.container(instance), this.#clockOffsetMs));
  }

  /** What an instance uses of the machine now; undefined while it does not run. */
  async usage(instance: string): Promise<Usage | undefined> {
    return usageOfContainer(this.container(instance), this.#clockOffsetMs);
  }

  /** The port on 127.0.0.1 at which an instance's server can be reached now; undefined while it is not published. */
  async port(instance: string): Promise<number | undefined> {
    const port = this.#serverPort(instance);
    return port === undefined ? undefined : publishedPort(this.container(instance), port);
  }

  /** Where some ports of an instance can be reached now, by port; those that are not published are left out. */
  async urlsAt(instance: string, ports: readonly number[]): Promise<Map<number, string>> {
    const published = await publishedAt(this.container(instance), ports);
    return new Map([...published].map(([port, at]) => [port, `http://${at.host}:${at.port}`]));
  }

  /** Where an instance's HTTP server can be reached now; undefined while its port is not published. */
  async url(instance: string): Promise<string | undefined> {
    const port = this.#serverPort(instance);
    return port === undefined ? undefined : (await this.urlsAt(instance, [port])).get(port);
  }

  /** The port of an instance's server in its container, as its part has it. */
  #serverPort(instance: string): number | undefined {
    const { service } = this.#instance(instance);
    return allPartsOf(this.pipeline).find(({ services }) => service in services)!.port;
  }

  /**
   * Puts a container that runs another image in the place of a service's only one, with the volumes, networks and settings that the Compose file
   * gives it; does not wait until it is ready. One that runs is stopped. What it wrote is kept.
   *
   * @throws UnavailableError if Compose fails, with what it said, or the stack was up before
   */
  async replace(service: string, image: Omit<StackImage, "service">): Promise<void> {
    if (this.#recreate === undefined)
      throw new UnavailableError(`${service} is no container of Everyline's, which replaces no other.`);
    this.#formerLogs.set(
      service,
      `${await this.logs(service, keptLogLines)}\n(replaced by ${image.reference})\n`,
    );
    if (!this.images.some((known) => known.service === service && known.id === image.id))
      this.images.push({ service, ...image });
    try {
      await this.#recreate(service, image.reference);
    } finally {
      const [container] = await containersOf(this.docker, this.project, service);
      if (container !== undefined)
        this.#instances.set(service, { name: service, service, containerId: container.id });
    }
  }

  /** Where Loki answers queries now, the first instance that can be reached; undefined while no port is published. */
  async lokiUrl(): Promise<string | undefined> {
    const { access, reader } = this.pipeline.loki;
    if (access?.url !== undefined) return access.url;
    for (const instance of this.instancesOf([reader])) {
      const url = await this.url(instance);
      if (url !== undefined) return `${url}${access?.path ?? ""}`;
    }
    return undefined;
  }

  /** What the environments of its containers have under the name of a secret. */
  async secrets(): Promise<string[]> {
    const environments = await Promise.all(
      this.instances.map(async (instance) => (await this.container(instance).inspect()).Config.Env),
    );
    return environments.flat().flatMap((variable) => {
      const [name = "", ...value] = variable.split("=");
      return isSecretName(name) ? [value.join("=")] : [];
    });
  }

  /** What the run has otherwise than the user's files say, on purpose: a line each. */
  get notes(): readonly string[] {
    return this.#own?.notes ?? [];
  }

  /** Compares what the containers have at their mounts with the user's files; nothing is compared of what was not started from them. */
  async proveMounts(): Promise<MountProof> {
    return (await this.#own?.proveMounts()) ?? { differences: [], written: [], unchecked: 0 };
  }

  /** The engine's name of a network of the Compose file. */
  networkName(network: string): string {
    return this.#networks.get(network) ?? `${this.project}_${network}`;
  }

  /**
   * The last lines that an instance wrote to stdout and stderr, those of containers that were replaced first.
   *
   * @param tail how many lines at the most
   */
  async logs(instance: string, tail: number): Promise<string> {
    const former = this.#formerLogs.get(instance);
    const logs = (await unlessGone(logsOf(this.container(instance), tail))) ?? "(the container is gone)\n";
    if (former === undefined) return logs;
    const lines = `${former}${logs}`.split("\n");
    // Behind the last line end nothing follows.
    return lines.slice(-tail - 1).join("\n");
  }

  /**
   * A further container of the project, not started yet, with the image of its Kafka, which has a shell.
   *
   * @param pidMode `host` to see the processes of the engine's machine
   */
  async helper(command: string[], pidMode: "host" | ""): Promise<Docker.Container> {
    const image = this.images.find(({ service }) => service in this.pipeline.kafka!.services)!;
    return this.docker.createContainer({
      name: `${this.project}-helper-${randomBytes(2).toString("hex")}`,
      Image: image.id,
      Entrypoint: command,
      User: "0",
      Labels: { [projectLabel]: this.project },
      HostConfig: { PidMode: pidMode, NetworkMode: "none" },
    });
  }

  #instance(name: string): Instance {
    const instance = this.#instances.get(name);
    if (instance !== undefined) return instance;
    throw new RangeError(
      `${name} is no instance of ${this.pipeline.name}; it has: ${this.instances.join(", ")}`,
    );
  }

  /** Removes the containers, the network and the volumes. */
  async down(): Promise<void> {
    await removeProject(this.docker, this.project);
  }
}

/** Copies what a pipeline is described by to the folder of a run, for fixtures to be started from there. */
export async function copyDescription(pipeline: Pipeline, folder: string, redactor: Redactor): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { deployment } = pipeline;
  if (deployment.kind === "own") await copyOwn(deployment, folder, redactor);
  else await copyPipeline(pipeline, folder);
}

/**
 * What serves of a pipeline. In a stack that was up before, a container that has ended serves no more, unless it is all that its service
 * has; in one that was started, each was to run.
 *
 * @throws UnavailableError if a service has no container
 */
async function instancesIn(docker: Docker, pipeline: Pipeline, project: string): Promise<Instance[]> {
  const services = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
  const listed = services.map(async (service) => {
    const containers = await containersOf(docker, project, service);
    if (containers.length === 0) throw noContainerOf(service, project);
    const up = attachedProject(pipeline) === undefined ? [] : containers.filter(({ isUp }) => isUp);
    return [service, up.length > 0 ? up : containers] as const;
  });
  return nameInstances(new Map(await Promise.all(listed)));
}

function noContainerOf(service: string, project: string): UnavailableError {
  return new UnavailableError(`the Compose project ${project} has no container of the service ${service}.`);
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
async function imagesOf(docker: Docker, instances: Instance[]): Promise<StackImage[]> {
  const images = await Promise.all(instances.map((instance) => imageOf(docker, instance)));
  return images.filter(
    ({ service, id }, index) =>
      images.findIndex((other) => other.service === service && other.id === id) === index,
  );
}

async function imageOf(docker: Docker, { service, containerId }: Instance): Promise<StackImage> {
  const { Image: id, Config: config } = await docker.getContainer(containerId).inspect();
  const { sizeBytes: _, ...image } = describeImage(config.Image, await docker.getImage(id).inspect());
  return { service, ...image };
}
