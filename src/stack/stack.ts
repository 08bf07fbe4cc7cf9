import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type Docker from "dockerode";
import { DockerComposeEnvironment, Wait } from "testcontainers";
import { messageOf, UnavailableError } from "../errors.ts";
import type { ImageOptions } from "./image-options.ts";
import { type ResolvedImage, resolveImage } from "./images.ts";
import type { PartName, Pipeline } from "./pipeline.ts";
import { projectName, removeProject } from "./project.ts";

/** What the engine says of a container right now. */
export interface ContainerState {
  running: boolean;
  /** The main process's id on the engine's machine; 0 when it does not run. */
  pid: number;
  exitCode: number;
  /** When it last started and ended, in Unix milliseconds of this machine's clock. */
  startedAtMs: number;
  finishedAtMs: number;
  /** The names of the networks it is connected to. */
  networks: string[];
}

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
  readonly #containerIds: Record<PartName, string>;
  readonly #clockOffsetMs: number;

  private constructor(
    docker: Docker,
    pipeline: Pipeline,
    project: string,
    images: StackImage[],
    containerIds: Record<PartName, string>,
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
    const parts = [pipeline.loki, pipeline.shipper];
    const images: StackImage[] = [];
    for (const { service, image } of parts) {
      const { sizeBytes: _, ...resolved } = await resolveImage(docker, image.name, image.version, options);
      images.push({ service, ...resolved });
    }
    const environment = {
      [pipeline.logsVariable]: options.logsFolder,
      ...Object.fromEntries(parts.map((part, index) => [part.image.variable, images[index]!.reference])),
      ...Object.fromEntries(parts.map((part) => [part.portVariable, "0"])),
    };
    options.signal.throwIfAborted();
    await composeUp(options.folder, pipeline.compose, project, environment);
    options.signal.throwIfAborted();
    const containerIds = {
      loki: await containerIdOf(docker, project, pipeline.loki.service),
      shipper: await containerIdOf(docker, project, pipeline.shipper.service),
    };
    return new Stack(docker, pipeline, project, images, containerIds, await clockOffsetMs(docker));
  }

  /** The container of a part. The same for the whole run: no fault replaces a container. */
  container(part: PartName): Docker.Container {
    return this.docker.getContainer(this.#containerIds[part]);
  }

  /** The state of a part's container, with the engine's times on this machine's clock. */
  async state(part: PartName): Promise<ContainerState> {
    const { State: state, NetworkSettings: settings } = await this.container(part).inspect();
    return {
      running: state.Running,
      pid: state.Pid,
      exitCode: state.ExitCode,
      startedAtMs: Date.parse(state.StartedAt) - this.#clockOffsetMs,
      finishedAtMs: Date.parse(state.FinishedAt) - this.#clockOffsetMs,
      networks: Object.keys(settings.Networks),
    };
  }

  /** Where a part's HTTP server can be reached now; undefined while its port is not published. */
  async url(part: PartName): Promise<string | undefined> {
    const { NetworkSettings: settings } = await this.container(part).inspect();
    const port = settings.Ports[`${this.pipeline[part].port}/tcp`]?.[0]?.HostPort;
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** The full name of the network that a partition takes a service from. */
  get networkName(): string {
    return `${this.project}_${this.pipeline.network}`;
  }

  /**
   * The last lines that a part wrote to stdout and stderr.
   *
   * @param tail how many lines at the most
   */
  async logs(part: PartName, tail: number): Promise<string> {
    const raw = await this.container(part).logs({ stdout: true, stderr: true, follow: false, tail });
    return printable(textOf(raw));
  }

  /** Removes the containers, the network and the volumes. */
  async down(): Promise<void> {
    await removeProject(this.docker, this.project);
  }
}

const frameHeaderBytes = 8;

/** The text of the engine's log frames, stdout and stderr in the order they were written. */
function textOf(frames: Buffer): string {
  const chunks: Buffer[] = [];
  for (let start = 0; start + frameHeaderBytes <= frames.length; ) {
    const end = start + frameHeaderBytes + frames.readUInt32BE(start + 4);
    chunks.push(frames.subarray(start + frameHeaderBytes, end));
    start = end;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Without what a terminal would take for a command: these texts end up in reports. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "");
}

/** Copies the pipeline's files to where they will be started from. */
export async function copyPipeline(pipeline: Pipeline, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(pipeline.folder)) {
    await copyFile(join(pipeline.folder, name), join(folder, name));
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

/** How far the engine's clock is ahead of this machine's: 0 or so, except where the engine runs in a virtual machine. */
async function clockOffsetMs(docker: Docker): Promise<number> {
  const before = Date.now();
  const { SystemTime: systemTime } = (await docker.info()) as { SystemTime: string };
  return Date.parse(systemTime) - (before + Date.now()) / 2;
}
