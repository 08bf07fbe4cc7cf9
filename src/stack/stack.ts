import { randomBytes, randomInt } from "node:crypto";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { messageOf, UnavailableError } from "../errors.ts";
import { type ContainerState, clockOffsetMs, logsOf, publishedPort, stateOf } from "./container.ts";
import type { ImageOptions } from "./image-options.ts";
import { type ResolvedImage, resolveImage } from "./images.ts";
import { allPartsOf, type Pipeline } from "./pipeline.ts";
import { projectName, removeProject } from "./project.ts";

/** An image as a report names it. */
export interface StackImage {
  service: string;
  reference: string;
  id: string;
  origin: ResolvedImage["origin"];
  version: string;
}

/** What `Stack.up` needs beside the pipeline. */
export interface StackOptions extends ImageOptions {
  runId: string;
  /** The folder the pipeline's files are copied to and started from, so that a report holds what was really run. */
  folder: string;
  /** The folder the load writes into. */
  logsFolder: string;
  /** Compose variables beside those that Everyline sets by itself. */
  variables?: Record<string, string>;
}

/**
 * A pipeline that runs: one Compose project on the engine. Ports are ephemeral and change when a container leaves a network
 * and comes back, so ask for `url` anew each time.
 */
export class Stack {
  readonly docker: Docker;
  readonly pipeline: Pipeline;
  readonly project: string;
  readonly images: StackImage[];
  readonly #containerIds: ReadonlyMap<string, string>;
  readonly #clockOffsetMs: number;

  private constructor(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    images: StackImage[],
    containerIds: ReadonlyMap<string, string>,
    clockOffsetMs: number,
  ) {
    this.docker = docker;
    this.pipeline = pipeline;
    this.project = project;
    this.images = images;
    this.#containerIds = containerIds;
    this.#clockOffsetMs = clockOffsetMs;
  }

  /**
   * Starts the containers; does not wait until they are ready. Whatever was started stays until `removeProject`, also when
   * this throws.
   *
   * @throws UnavailableError if an image cannot be had or Compose fails, with what it said
   */
  static async up(docker: Docker, pipeline: Pipeline, options: StackOptions): Promise<Stack> {
    const project = projectName(options.runId);
    const images: StackImage[] = [];
    const environment: Record<string, string> = {
      ...options.variables,
      [pipeline.logsVariable]: options.logsFolder,
    };
    for (const { services, image } of allPartsOf(pipeline)) {
      const { sizeBytes: _, ...resolved } = await resolveImage(docker, image.name, image.version, options);
      environment[image.variable] = resolved.reference;
      for (const [service, portVariable] of Object.entries(services)) {
        if (portVariable !== null) environment[portVariable] = "0";
        images.push({ service, ...resolved });
      }
    }
    await startProject(docker, pipeline, project, environment, options);
    const services = images.map(({ service }) => service);
    const ids = services.map(
      async (service) => [service, await containerIdOf(docker, project, service)] as const,
    );
    const containerIds = new Map(await Promise.all(ids));
    return new Stack(docker, pipeline, project, images, containerIds, await clockOffsetMs(docker));
  }

  /** Every service of the pipeline, those that a line passes first, in that order. */
  get services(): string[] {
    return [...this.#containerIds.keys()];
  }

  /** The container of a service. The same for the whole run: no fault replaces a container. */
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
    return publishedPort(this.container(service), port);
  }

  /** Where a service's HTTP server can be reached now; undefined while its port is not published. */
  async url(service: string): Promise<string | undefined> {
    const port = await this.port(service);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** The engine's name of a network of the Compose file. */
  networkName(network: string): string {
    return `${this.project}_${network}`;
  }

  /**
   * The last lines that a service wrote to stdout and stderr.
   *
   * @param tail how many lines at the most
   */
  async logs(service: string, tail: number): Promise<string> {
    return logsOf(this.container(service), tail);
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

const maxDraws = 5;

/** Copies the pipeline's files to where they will be started from. */
export async function copyPipeline(pipeline: Pipeline, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(pipeline.folder)) {
    await copyFile(join(pipeline.folder, name), join(folder, name));
  }
}

/**
 * Starts the containers. Where parts have fixed addresses, their subnets are drawn from the 512 of the block that is set aside for
 * tests between networks (198.18.0.0/15, RFC 2544), and drawn again if another run has them.
 */
async function startProject(
  docker: Docker,
  { compose, subnetsVariable }: Pipeline,
  project: string,
  environment: Record<string, string>,
  { folder, signal }: StackOptions,
): Promise<void> {
  for (let draw = 1; ; draw++) {
    signal.throwIfAborted();
    const number = randomInt(512);
    const subnets = subnetsVariable && { [subnetsVariable]: `198.${18 + (number >> 8)}.${number & 255}` };
    try {
      await composeUp(folder, compose, project, { ...environment, ...subnets });
      signal.throwIfAborted();
      return;
    } catch (thrown) {
      if (draw === maxDraws || !messageOf(thrown).includes("Pool overlaps")) throw thrown;
      await removeProject(docker, project);
    }
  }
}

async function composeUp(
  folder: string,
  file: string,
  project: string,
  environment: Record<string, string>,
): Promise<void> {
  try {
    await new DockerComposeEnvironment(folder, file)
      .withProjectName(project)
      // Cleaning up is by label (`removeProject`): the reaper would remove what --keep is to keep, and needs an image.
      .withAutoCleanup(false)
      .withPullPolicy({ shouldPull: () => "never" })
      .withEnvironment(environment)
      // A wait that fails would take the stack down and its logs with it; the run probes readiness itself.
      .withDefaultWaitStrategy(Wait.forAll([]))
      .up();
  } catch (thrown) {
    throw new UnavailableError(
      `docker compose could not start ${join(folder, file)}:\n${messageOf(thrown)}\n` +
        "Run `everyline doctor` to see what this machine lacks.",
    );
  }
}

async function containerIdOf(docker: Docker, project: string, service: string): Promise<string> {
  const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${service}`];
  const [container] = await docker.listContainers({ all: true, filters: { label } });
  if (container === undefined) {
    throw new UnavailableError(`Compose started no container for the service ${service} of ${project}.`);
  }
  return container.Id;
}
