import type { ContainerState } from "../stack/container.ts";
import type { Stack } from "../stack/stack.ts";
import { type Fault, type Proof, proofOfAll } from "./fault.ts";

/** How a container is brought down. */
export type DownMethod = "kill" | "stop";

/** `docker kill` or `docker stop`, and `docker start` when the fault heals; of several containers together. */
export class Down implements Fault {
  readonly #stack: Stack;
  readonly #services: string[];
  readonly #method: DownMethod;
  readonly #moment: () => Promise<void>;
  readonly #before = new Map<string, ContainerState>();

  /** @param moment is waited for before they are brought down, when all is ready for it */
  constructor(stack: Stack, services: string[], method: DownMethod, moment = async () => {}) {
    this.#stack = stack;
    this.#services = services;
    this.#method = method;
    this.#moment = moment;
  }

  async inject(): Promise<number> {
    for (const service of this.#services) this.#before.set(service, await this.#stack.state(service));
    await this.#moment();
    const ended = await Promise.all(this.#services.map((service) => this.#end(service)));
    return Math.max(...ended);
  }

  async prove(): Promise<Proof> {
    const proofs = await Promise.all(
      [...this.#before].map(([service, before]) => this.#proveOf(service, before)),
    );
    return proofOfAll(proofs);
  }

  async heal(): Promise<number> {
    const started = [...this.#before.keys()].map(async (service) => {
      await this.#stack.container(service).start();
      return (await this.#stack.state(service)).startedAtMs;
    });
    return Math.min(...(await Promise.all(started)));
  }

  async #end(service: string): Promise<number> {
    const container = this.#stack.container(service);
    await (this.#method === "kill" ? container.kill({ signal: "SIGKILL" }) : container.stop());
    // The engine answers a kill before the process has gone.
    await container.wait();
    return (await this.#stack.state(service)).finishedAtMs;
  }

  async #proveOf(service: string, { pid }: ContainerState): Promise<Proof> {
    const { running, exitCode } = await this.#stack.state(service);
    const wasKilled = exitCode === 137;
    return {
      effective: pid > 0 && !running && (this.#method === "stop" || wasKilled),
      evidence: running
        ? `${service}: pid ${pid} was to end but the container runs`
        : `${service}: pid ${pid} ended with exit code ${exitCode}${wasKilled ? " (SIGKILL)" : ""}`,
    };
  }
}
