import { randomBytes } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type Docker from "dockerode";
import type {
  Address,
  Duplicate,
  EndMethod,
  FileState,
  Instance,
  InstanceFile,
  InstanceState,
  LimitedDisk,
  StreamedFile,
} from "../instance.ts";
import type { StackImage } from "../stack-image.ts";
import type { Usage } from "../usage.ts";
import { instanceState, logsOf, publishedAt, unlessGone } from "./container.ts";
import { fileStateOf, readFiles, writeBack } from "./container-files.ts";
import { usageOfContainer } from "./container-usage.ts";
import { HeldByContainer } from "./held-by-container.ts";
import { imageOfContainer } from "./image-of-container.ts";
import { fillDiskOf, limitedDisksOf } from "./limited-disks.ts";
import { listeningPorts } from "./listening-ports.ts";
import { serviceLabel } from "./project.ts";
import { streamFiles } from "./stream-files.ts";

/** How many log lines of a container are kept, which is more than a report shows. */
const keptLogLines = 10_000;
const pauseProbeMs = 10;
const pauseTimeoutMs = 2_000;

/** What an instance gets from its stack. */
export interface InstanceOptions {
  docker: Docker;
  project: string;
  /** How far the engine's clock is ahead of this machine's. */
  clockOffsetMs: number;
  /** The port of its server in its container. */
  port: number | undefined;
  /** Since when what it logs belongs to the run, as a Unix time in seconds by the engine's clock; from its start if absent. */
  loggedSinceSeconds?: number | undefined;
  /** The images of the stack, with the names that reports use for them. */
  images: StackImage[];
  /** Replaces this container by one that runs another image, and returns the new one; undefined if the stack must not be changed. */
  replace?:
    | ((service: string, image: Omit<StackImage, "service">) => Promise<string | undefined>)
    | undefined;
}

/** A container of a Compose project. */
export class ComposeInstance implements Instance {
  readonly name: string;
  readonly service: string;
  readonly #options: InstanceOptions;
  #containerId: string;
  /** The logs of the containers that were replaced. */
  #formerLogs = "";
  readonly #held = new HeldByContainer();
  readonly replace?: (image: Omit<StackImage, "service">) => Promise<void>;

  constructor(
    { name, service, containerId }: { name: string; service: string; containerId: string },
    options: InstanceOptions,
  ) {
    this.name = name;
    this.service = service;
    this.#containerId = containerId;
    this.#options = options;
    const { replace } = options;
    if (replace !== undefined) this.replace = (image) => this.#replaceBy(image, replace);
  }

  /** The current container, which `replace` changes. For use within `places/compose` and its tests. */
  get container(): Docker.Container {
    return this.#options.docker.getContainer(this.#containerId);
  }

  get clockOffsetMs(): number {
    return this.#options.clockOffsetMs;
  }

  async state(): Promise<InstanceState> {
    const state = await this.findState();
    if (state === undefined)
      throw new Error(`the container of ${this.name} is gone: something removed or replaced it`);
    return state;
  }

  async findState(): Promise<InstanceState | undefined> {
    return unlessGone(instanceState(this.container, this.#options.clockOffsetMs));
  }

  async image(): Promise<StackImage> {
    const { Image: id } = await this.container.inspect();
    const known = this.#options.images.find((image) => image.service === this.service && image.id === id);
    return known ?? imageOfContainer(this.#options.docker, this.service, this.#containerId);
  }

  async address(port = this.#options.port): Promise<Address | undefined> {
    return port === undefined ? undefined : (await this.addresses([port])).get(port);
  }

  async addresses(ports: readonly number[]): Promise<Map<number, Address>> {
    const published = await publishedAt(this.container, ports);
    return new Map(
      [...published].map(([port, at]) => [port, { ...at, url: `http://${at.host}:${at.port}` }]),
    );
  }

  async end(how: EndMethod): Promise<void> {
    if (how === "kill") await this.container.kill({ signal: "SIGKILL" });
    else await this.container.stop();
  }

  async start(): Promise<void> {
    await this.container.start();
  }

  async restart(): Promise<void> {
    await this.container.restart();
  }

  /** The signal returns before the process has stopped, because a thread may still be in a system call. So this waits until it has. */
  async pause(): Promise<void> {
    await this.container.kill({ signal: "SIGSTOP" });
    const deadlineMs = Date.now() + pauseTimeoutMs;
    while (!(await this.isPaused()) && Date.now() < deadlineMs) await setTimeout(pauseProbeMs);
  }

  async unpause(): Promise<void> {
    await this.container.kill({ signal: "SIGCONT" });
  }

  /** The engine does not track SIGSTOP, so this asks it for the process states in the kernel. */
  async isPaused(): Promise<boolean> {
    const { pid } = await this.state();
    const { Titles: titles, Processes: processes } = (await this.container.top({
      ps_args: "-o pid,stat",
    })) as {
      Titles: string[];
      Processes: string[][];
    };
    const [pidAt, statAt] = [titles.indexOf("PID"), titles.indexOf("STAT")];
    const main = processes.find((process) => Number(process[pidAt]) === pid);
    return main?.[statAt]?.startsWith("T") ?? false;
  }

  async duplicate(): Promise<Duplicate> {
    const { docker, project } = this.#options;
    const {
      Config: config,
      HostConfig: hostConfig,
      NetworkSettings: settings,
    } = await this.container.inspect();
    const service = `${this.service}-twin`;
    const [network, ...furtherNetworks] = Object.keys(settings.Networks);
    const twin = await docker.createContainer({
      name: `${project}-${service}-${randomBytes(2).toString("hex")}`,
      Image: config.Image,
      Env: config.Env,
      // The project label is needed for removal. The service label must differ, or both containers would belong to the same service.
      Labels: { ...config.Labels, [serviceLabel]: service },
      HostConfig: { Memory: hostConfig.Memory ?? 0, NetworkMode: network! },
    });
    for (const further of furtherNetworks) await docker.getNetwork(further).connect({ Container: twin.id });
    await twin.start();
    const { replace: _, ...options } = this.#options;
    return new ComposeDuplicate({ name: service, service, containerId: twin.id }, options);
  }

  async usage(): Promise<Usage | undefined> {
    const usage = await usageOfContainer(this.container, this.#options.clockOffsetMs);
    return usage && { ...usage, ...(await this.#held.of(this.container)) };
  }

  async listeningPorts(): Promise<number[] | undefined> {
    return unlessGone(listeningPorts(this.container));
  }

  async logs(tailLines: number): Promise<string> {
    const { loggedSinceSeconds } = this.#options;
    const own = await unlessGone(logsOf(this.container, tailLines, loggedSinceSeconds));
    const logs = own ?? "(the container is gone)\n";
    if (this.#formerLogs === "") return logs;
    const lines = `${this.#formerLogs}${logs}`.split("\n");
    // The text after the last newline is empty, hence one more element.
    return lines.slice(-tailLines - 1).join("\n");
  }

  async files(folder: string, maxBytes: number): Promise<InstanceFile[]> {
    return readFiles(this.container, folder, maxBytes);
  }

  streamFiles(path: string): AsyncGenerator<StreamedFile> {
    return streamFiles(this.container, path);
  }

  async fileState(path: string): Promise<FileState | undefined> {
    return fileStateOf(this.container, path);
  }

  async stdoutFile(): Promise<string | undefined> {
    const { LogPath: path } = (await this.container.inspect()) as { LogPath?: string };
    return path || undefined;
  }

  async writeFile(folder: string, file: InstanceFile): Promise<void> {
    await writeBack(this.container, folder, file);
  }

  async limitedDisks(): Promise<LimitedDisk[]> {
    return limitedDisksOf(this.#options.docker, this.container);
  }

  async fillDisk(disk: LimitedDisk, name: string): Promise<void> {
    await fillDiskOf(this.container, disk, name);
  }

  async #replaceBy(
    image: Omit<StackImage, "service">,
    replace: NonNullable<InstanceOptions["replace"]>,
  ): Promise<void> {
    const { images } = this.#options;
    this.#formerLogs = `${await this.logs(keptLogLines)}\n(replaced by ${image.reference})\n`;
    if (!images.some((known) => known.service === this.service && known.id === image.id))
      images.push({ service: this.service, ...image });
    this.#containerId = (await replace(this.service, image)) ?? this.#containerId;
  }
}

/** A copy of another container that runs beside it. */
class ComposeDuplicate extends ComposeInstance implements Duplicate {
  async remove(): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}
