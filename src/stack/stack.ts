import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import type Docker from "dockerode";
import { UnavailableError } from "../errors.ts";
import { isSecretName, type Redactor } from "../redact.ts";
import { type ContainerState, clockOffsetMs, logsOf, publishedPort, stateOf } from "./container.ts";
import type { ImageOptions } from "./image-options.ts";
import { describeImage, type ResolvedImage } from "./images.ts";
import { allPartsOf, type Pipeline } from "./pipeline.ts";
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
 * A pipeline that runs: one Compose project on the engine. Ports are ephemeral and change when a container leaves a network
 * and comes back, or is replaced, so ask for `url` anew each time.
 */
export class Stack {
  readonly docker: Docker;
  readonly pipeline: Pipeline;
  readonly project: string;
  /** Which image each service runs, and those that `replace` gave it. */
  readonly images: StackImage[];
  readonly #containerIds: Map<string, string>;
  readonly #recreate: Recreate | undefined;
  readonly #own: StartedOwn | undefined;
  /** What containers that are gone wrote, by service. */
  readonly #formerLogs = new Map<string, string>();
  readonly #networks: ReadonlyMap<string, string>;
  readonly #clockOffsetMs: number;

  private constructor(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    { images, recreate, own }: Started & { images: StackImage[] },
    containerIds: Map<string, string>,
    networks: ReadonlyMap<string, string>,
    clockOffsetMs: number,
  ) {
    this.docker = docker;
    this.pipeline = pipeline;
    this.project = project;
    this.images = images;
    this.#recreate = recreate;
    this.#own = own;
    this.#containerIds = containerIds;
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
    const services = allPartsOf(pipeline).flatMap((part) => Object.keys(part.services));
    const ids = services.map(
      async (service) => [service, await containerIdOf(docker, project, service)] as const,
    );
    const containerIds = new Map(await Promise.all(ids));
    const networks = await networksOf(docker, project);
    const running =
      images ?? (await Promise.all([...containerIds].map(([service, id]) => imageOf(docker, service, id))));
    const offsetMs = await clockOffsetMs(docker);
    const known = { ...started, images: running };
    return new Stack(docker, pipeline, project, known, containerIds, networks, offsetMs);
  }

  /** Every service of the pipeline, those that a line passes first, in that order. */
  get services(): string[] {
    return [...this.#containerIds.keys()];
  }

  /** The container of a service: the same until `replace` puts another in its place. */
  container(service: string): Docker.Container {
    const id = this.#containerIds.get(service);
    if (id === undefined) throw new RangeError(`${service} is no service of ${this.pipeline.name}`);
    return this.docker.getContainer(id);
  }

  /** The state of a service's container, with the engine's times on this machine's clock. */
  async state(service: string): Promise<ContainerState> {
    return stateOf(this.container(service), this.#clockOffsetMs);
  }

  /** The port on 127.0.0.1 at which a service's server can be reached now; undefined while it is not published. */
  async port(service: string): Promise<number | undefined> {
    const { port } = allPartsOf(this.pipeline).find(({ services }) => service in services)!;
    return port === undefined ? undefined : publishedPort(this.container(service), port);
  }

  /** Where a service's HTTP server can be reached now; undefined while its port is not published. */
  async url(service: string): Promise<string | undefined> {
    const port = await this.port(service);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /**
   * Puts a container that runs another image in the place of a service's, with the volumes, networks and settings that the Compose file
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
      this.#containerIds.set(service, await containerIdOf(this.docker, this.project, service));
    }
  }

  /** Where Loki answers queries now; undefined while its port is not published. */
  async lokiUrl(): Promise<string | undefined> {
    const { access, reader } = this.pipeline.loki;
    return access?.url ?? this.url(reader);
  }

  /** What the environments of its containers have under the name of a secret. */
  async secrets(): Promise<string[]> {
    const environments = await Promise.all(
      this.services.map(async (service) => (await this.container(service).inspect()).Config.Env),
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
   * The last lines that a service wrote to stdout and stderr, those of containers that were replaced first.
   *
   * @param tail how many lines at the most
   */
  async logs(service: string, tail: number): Promise<string> {
    const former = this.#formerLogs.get(service);
    const logs = await logsOf(this.container(service), tail);
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
      Labels: { "com.docker.compose.project": this.project },
      HostConfig: { PidMode: pidMode, NetworkMode: "none" },
    });
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

async function containerIdOf(docker: Docker, project: string, service: string): Promise<string> {
  const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
  const [container] = await docker.listContainers({ all: true, filters: { label } });
  if (container === undefined) {
    throw new UnavailableError(`the Compose project ${project} has no container of the service ${service}.`);
  }
  return container.Id;
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

async function imageOf(docker: Docker, service: string, containerId: string): Promise<StackImage> {
  const { Image: id, Config: config } = await docker.getContainer(containerId).inspect();
  const { sizeBytes: _, ...image } = describeImage(config.Image, await docker.getImage(id).inspect());
  return { service, ...image };
}
