import type { ContainerState } from "../stack/container.ts";
import type { Stack } from "../stack/stack.ts";
import { type Fault, type Proof, proofOfAll } from "./fault.ts";

/** How containers are brought down; `kill-at-once` all in the same moment, as when the power fails. */
export type DownMethod = "kill" | "kill-at-once" | "stop";

/** `docker kill` or `docker stop`, and `docker start` when the fault heals; of several containers together. */
export class Down implements Fault {
  readonly #stack: Stack;
  readonly #services: string[];
  readonly #method: DownMethod;
  readonly #moment: () => Promise<void>;
  #spreadMs = 0;
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
    if (this.#method === "kill-at-once") await this.#killAtOnce();
    const ended = await Promise.all(this.#services.map((service) => this.#end(service)));
    this.#spreadMs = Math.round(Math.max(...ended) - Math.min(...ended));
    return Math.max(...ended);
  }

  async prove(): Promise<Proof> {
    const proofs = await Promise.all(
      [...this.#before].map(([service, before]) => this.#proveOf(service, before)),
    );
    const { effective, evidence } = proofOfAll(proofs);
    return {
      effective,
      evidence: this.#before.size > 1 ? `${evidence}, all within ${this.#spreadMs} ms` : evidence,
    };
  }

  async heal(): Promise<number> {
    const started = [...this.#before.keys()].map(async (service) => {
      await this.#stack.container(service).start();
      return (await this.#stack.state(service)).startedAtMs;
    });
    return Math.min(...(await Promise.all(started)));
  }

  /**
   * One program that sees the processes of all containers sends all signals. Asked for one container after the other, an engine on two
   * cores takes a second for seven: meanwhile what is left of them goes on.
   */
  async #killAtOnce(): Promise<void> {
    const pids = [...this.#before.values()].map(({ pid }) => pid).filter((pid) => pid > 0);
    const killer = await this.#stack.helper(["bash", "-c", `kill -KILL ${pids.join(" ")}`], "host");
    try {
      await killer.start();
      await killer.wait();
    } finally {
      await killer.remove({ force: true });
    }
  }

  async #end(service: string): Promise<number> {
    const container = this.#stack.container(service);
    if (this.#method === "kill") await container.kill({ signal: "SIGKILL" });
    if (this.#method === "stop") await container.stop();
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
