import { pause } from "../base/abortable-pause.ts";
import { messageOf, UnavailableError } from "../base/errors.ts";
import type { ShownContainer } from "../pipeline/shown-load.ts";
import type { ImageOptions } from "../places/images/image-options.ts";
import type { Instance, InstanceState } from "../places/instance.ts";
import type { HelperSpec, Place } from "../places/place.ts";
import type { StackImage } from "../places/stack-image.ts";

const port = 8_080;
const folderPath = "/logs";
const memoryBytes = 256 * 2 ** 20;
const probeMs = 50;
const watchMs = 250;
const readyTimeoutMs = 60_000;
const requestTimeoutMs = 10_000;
const killTimeoutMs = 30_000;
const lastWordsLines = 5;

/** A command to a program that writes lines. */
export type AppCommand = "start" | "stop" | "rotate" | `end-at/${number}`;

/** What `Apps.up` needs from outside. */
export interface AppsOptions extends ImageOptions {
  place: Place;
  runId: string;
  /** A folder of this machine that every program writes into. */
  logsFolder: string;
  /** Only for a custom pipeline whose shipper reads the stdout of containers: as what the program of each number from 0 appears to it. */
  shownAs?: ((index: number) => ShownContainer) | undefined;
}

/** The image and the environment of the programs that write lines. */
export interface AppsProgram {
  image: { name: string; version: string };
  /** The environment variable that receives the folder's path in the container. */
  folderVariable: string;
  /** The environment of each program, by its name. */
  environments: ReadonlyMap<string, Record<string, string>>;
  /** How the place stores the stdout of each program, by its number from 0; its default if absent. */
  stdout?: (index: number) => HelperSpec["stdout"];
}

/** Programs that write log lines, each in an instance of its own beside the pipeline. They accept commands over HTTP. */
export class Apps {
  readonly instances: string[];
  readonly images: StackImage[];
  readonly #byName: ReadonlyMap<string, Instance>;

  private constructor(instances: readonly Instance[], images: StackImage[]) {
    this.instances = instances.map(({ name }) => name);
    this.images = images;
    this.#byName = new Map(instances.map((instance) => [instance.name, instance]));
  }

  /**
   * Starts the programs; does not wait until they are ready. Whatever was started stays until the run is removed from the place, also when
   * this throws.
   *
   * @throws UnavailableError if the place cannot start such programs, or one of them does not start
   */
  static async up(program: AppsProgram, { place, runId, logsFolder, ...images }: AppsOptions): Promise<Apps> {
    if (place.startHelpers === undefined)
      throw new UnavailableError(
        "this place cannot start programs that write lines; omit --load, or pass --load generator.",
      );
    const { image, folderVariable, environments, stdout } = program;
    const helpers = [...environments].map(
      ([name, environment], index): HelperSpec => ({
        name,
        image,
        environment: { ...environment, PORT: `${port}`, [folderVariable]: folderPath },
        folders: { [logsFolder]: folderPath },
        port,
        memoryBytes,
        stdout: stdout?.(index),
      }),
    );
    const instances = await place.startHelpers(runId, helpers, images);
    return new Apps(instances, await Promise.all(instances.map((instance) => instance.image())));
  }

  async state(name: string): Promise<InstanceState> {
    return this.#instance(name).state();
  }

  /** How far the clock of a program is ahead of this machine's. */
  clockOffsetMs(name: string): number {
    return this.#instance(name).clockOffsetMs ?? 0;
  }

  /** The last lines that a program wrote to stdout and stderr. */
  async logs(name: string, tailLines: number): Promise<string> {
    return this.#instance(name).logs(tailLines);
  }

  /**
   * The path of the file in which the place stores the stdout of a program.
   *
   * @throws UnavailableError if there is no file that a shipper could read
   */
  async stdoutFile(name: string): Promise<string> {
    const path = await this.#instance(name).stdoutFile?.();
    if (path !== undefined) return path;
    throw new UnavailableError(
      `the container engine stores the stdout of ${name} in no file, so no shipper can read it. ` +
        "--load stdout needs Docker with its json-file logging driver.",
    );
  }

  /**
   * Kills a program with SIGKILL; resolves when the process has ended.
   *
   * @throws UnavailableError if it has not ended after 30 s
   */
  async kill(name: string): Promise<void> {
    await this.#instance(name).end("kill");
    const timeout = AbortSignal.timeout(killTimeoutMs);
    while ((await this.state(name)).running) {
      if (timeout.aborted) throw new UnavailableError(`the application ${name} survived SIGKILL.`);
      await pause(probeMs, timeout).catch(() => {});
    }
  }

  /** Starts a program again after it has ended; its port changes. */
  async start(name: string): Promise<void> {
    await this.#instance(name).start();
  }

  /** Resolves when a program has ended, with its exit code and last lines. */
  async ended(name: string, signal: AbortSignal): Promise<string> {
    for (; ; await pause(watchMs, signal)) {
      const { running, exitCode } = await this.state(name);
      if (!running) {
        const lastWords = (await this.logs(name, lastWordsLines)).trim() || "(nothing)";
        return `it ended with exit code ${exitCode}. Its last lines were: ${lastWords}`;
      }
    }
  }

  /**
   * Waits until a program answers that it is ready.
   *
   * @throws UnavailableError with its last lines if it ends or is not ready in time
   */
  async ready(name: string, signal: AbortSignal): Promise<void> {
    for (const deadlineMs = Date.now() + readyTimeoutMs; ; await pause(probeMs, signal)) {
      const answer = await this.#request(name, "GET", "/ready").catch(() => undefined);
      if (answer?.ok) return;
      if (!(await this.state(name)).running)
        throw new UnavailableError(`the application ${name} is not ready: ${await this.ended(name, signal)}`);
      if (Date.now() > deadlineMs) {
        const lastWords = await this.logs(name, lastWordsLines);
        const seconds = readyTimeoutMs / 1_000;
        throw new UnavailableError(
          `the application ${name} was not ready within ${seconds} s. Its last lines were: ${lastWords}`,
        );
      }
    }
  }

  /**
   * Sends a command to a program.
   *
   * @throws UnavailableError if it does not confirm the command
   */
  async tell(name: string, command: AppCommand): Promise<void> {
    let why: string;
    try {
      const answer = await this.#request(name, "POST", `/${command}`);
      if (answer.ok) return;
      why = `it answered with ${answer.status}: ${await answer.text()}`;
    } catch (thrown) {
      why = messageOf(thrown);
    }
    throw new UnavailableError(`the application ${name} could not be told to ${command}: ${why}`);
  }

  async #request(name: string, method: string, path: string): Promise<Response> {
    const address = await this.#instance(name).address(port);
    if (address === undefined) throw new UnavailableError("its port is not published");
    const signal = AbortSignal.timeout(requestTimeoutMs);
    return fetch(`${address.url}${path}`, { method, signal, headers: { connection: "close" } });
  }

  #instance(name: string): Instance {
    return this.#byName.get(name)!;
  }
}
