import type Docker from "dockerode";
import { messageOf, UnavailableError } from "../../base/errors.ts";
import { pause } from "../../base/pause.ts";
import type { Apps, AppsOptions } from "../apps.ts";
import { resolveImage } from "../images/images.ts";
import type { InstanceState } from "../instance.ts";
import type { StackImage } from "../stack-image.ts";
import { clockOffsetMs, instanceState, logsOf, publishedPort } from "./container.ts";
import { projectLabel, projectName } from "./project.ts";

/** What every application runs. */
export const appImage = { name: "nestjs-app", version: "0.1.0" };
const port = 8_080;
const logsPath = "/logs";
const memoryBytes = 256 * 2 ** 20;
const probeMs = 50;
const readyTimeoutMs = 60_000;
const requestTimeoutMs = 10_000;
const lastWordsLines = 5;

/**
 * Applications that write log files, a container each. They stand beside a pipeline: they share a folder with it, and no network.
 */
export class ComposeApps implements Apps {
  readonly instances: string[];
  readonly images: StackImage[];
  readonly #containers: ReadonlyMap<string, Docker.Container>;
  readonly #clockOffsetMs: number;

  private constructor(
    images: StackImage[],
    containers: ReadonlyMap<string, Docker.Container>,
    clockOffsetMs: number,
  ) {
    this.instances = [...containers.keys()];
    this.images = images;
    this.#containers = containers;
    this.#clockOffsetMs = clockOffsetMs;
  }

  /**
   * Starts the containers; does not wait until they are ready. Whatever was started stays until `removeProject`, also when this
   * throws.
   *
   * @throws UnavailableError if the image cannot be had or the engine refuses
   */
  static async up(docker: Docker, options: AppsOptions): Promise<ComposeApps> {
    const { sizeBytes: _, ...resolved } = await resolveImage(
      docker,
      appImage.name,
      appImage.version,
      options,
    );
    const user = await userOf(docker);
    // All of them are waited for, also after one has failed: what is made after a removal is never removed.
    const started = await Promise.allSettled(
      [...options.environments].map(async ([name, variables]) => {
        const container = await docker.createContainer({
          name: `${projectName(options.runId)}-${name}`,
          Image: resolved.reference,
          User: user,
          Env: Object.entries({ ...variables, PORT: `${port}`, LOG_DIR: logsPath }).map(
            ([key, value]) => `${key}=${value}`,
          ),
          // What `removeProject` and `everyline clean` go by.
          Labels: { [projectLabel]: projectName(options.runId) },
          ExposedPorts: { [`${port}/tcp`]: {} },
          HostConfig: {
            Binds: [`${options.logsFolder}:${logsPath}`],
            Memory: memoryBytes,
            PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "" }] },
          },
        });
        await container.start();
        return [name, container] as const;
      }),
    );
    options.signal.throwIfAborted();
    const containers = started.map((outcome) => {
      if (outcome.status === "fulfilled") return outcome.value;
      throw new UnavailableError(`an application could not be started: ${messageOf(outcome.reason)}`);
    });
    const images = containers.map(([service]) => ({ service, ...resolved }));
    return new ComposeApps(images, new Map(containers), await clockOffsetMs(docker));
  }

  /** The state of an application's container, with the engine's times on this machine's clock. */
  async state(service: string): Promise<InstanceState> {
    return instanceState(this.#container(service), this.#clockOffsetMs);
  }

  /** The last lines that an application wrote to stdout and stderr. */
  async logs(service: string, tail: number): Promise<string> {
    return logsOf(this.#container(service), tail);
  }

  /** SIGKILL; resolves when the process has gone. */
  async kill(service: string): Promise<void> {
    await this.#container(service).kill({ signal: "SIGKILL" });
    await this.#container(service).wait();
  }

  /** Starts an application again that has ended; it gets another port. */
  async start(service: string): Promise<void> {
    await this.#container(service).start();
  }

  /** Resolves with the last words of an application when it has ended. */
  async ended(service: string, signal: AbortSignal): Promise<string> {
    const outcome: { StatusCode: number } = await this.#container(service).wait({ abortSignal: signal });
    const lastWords = (await this.logs(service, lastWordsLines)).trim() || "(nothing)";
    return `it ended with exit code ${outcome.StatusCode}. Its last lines were: ${lastWords}`;
  }

  /**
   * Waits until an application answers that it is ready.
   *
   * @throws UnavailableError with its last words if it ends, or is not ready in time
   */
  async ready(service: string, signal: AbortSignal): Promise<void> {
    for (const deadlineMs = Date.now() + readyTimeoutMs; ; await pause(probeMs, signal)) {
      const answer = await this.#request(service, "GET", "/ready").catch(() => undefined);
      if (answer?.ok) return;
      if (!(await this.state(service)).running)
        throw new UnavailableError(
          `the application ${service} is not ready: ${await this.ended(service, signal)}`,
        );
      if (Date.now() > deadlineMs) {
        const lastWords = await this.logs(service, lastWordsLines);
        const seconds = readyTimeoutMs / 1_000;
        throw new UnavailableError(
          `the application ${service} was not ready within ${seconds} s. Its last lines were: ${lastWords}`,
        );
      }
    }
  }

  /**
   * Tells an application what to do.
   *
   * @throws UnavailableError if it does not do it
   */
  async tell(service: string, command: "start" | "stop" | "rotate"): Promise<void> {
    let why: string;
    try {
      const answer = await this.#request(service, "POST", `/${command}`);
      if (answer.ok) return;
      why = `it answered with ${answer.status}: ${await answer.text()}`;
    } catch (thrown) {
      why = messageOf(thrown);
    }
    throw new UnavailableError(`the application ${service} could not be told to ${command}: ${why}`);
  }

  async #request(service: string, method: string, path: string): Promise<Response> {
    const published = await publishedPort(this.#container(service), port);
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const headers = { connection: "close" };
    return fetch(`http://127.0.0.1:${published}${path}`, { method, signal, headers });
  }

  #container(service: string): Docker.Container {
    return this.#containers.get(service)!;
  }
}

/**
 * Who an application is to be, so that its files can be read and removed: this process's user. To an engine without root that is its
 * root.
 */
async function userOf(docker: Docker): Promise<string> {
  const { SecurityOptions: options } = (await docker.info()) as { SecurityOptions?: string[] };
  const isRootless = options?.some((option) => option.startsWith("name=rootless"));
  return isRootless || !process.getuid || !process.getgid ? "0:0" : `${process.getuid()}:${process.getgid()}`;
}
