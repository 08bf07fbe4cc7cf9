import type { ContainerState } from "../stack/container.ts";
import type { Stack } from "../stack/stack.ts";
import { allEnded, type Fault, type FaultWorld, type Proof, proofOfAll } from "./fault.ts";
import { describeSlowEnd } from "./slow-end.ts";

interface Restarted {
  service: string;
  /** When it was asked for, in Unix milliseconds. */
  askedAtMs: number;
  before: ContainerState;
  after: ContainerState;
}

/**
 * `docker restart` of several containers together: down for as long as the processes need to end and the engine to start
 * them again. In force from when the first was down until the last was up.
 */
export class Restart implements Fault {
  readonly #world: FaultWorld;
  readonly #stack: Stack;
  readonly #services: string[];
  #restarted: Restarted[] = [];

  constructor(world: FaultWorld, services: string[]) {
    this.#world = world;
    this.#stack = world.stack;
    this.#services = services;
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[]): string {
    return `${services.join(", ")}: the process id and the time of its start change; lines are written while it is down`;
  }

  async inject(): Promise<number> {
    for (const service of this.#services) this.#world.ended.add(service);
    this.#restarted = await allEnded(this.#services.map((service) => this.#restart(service)));
    return Math.min(...this.#restarted.map(({ after }) => after.finishedAtMs));
  }

  async prove(): Promise<Proof> {
    const proofs = this.#restarted.map(({ service, askedAtMs, before, after }) => {
      if (before.pid === 0)
        return { effective: false, evidence: `${service} did not run, so there was nothing to restart` };
      const downSeconds = ((after.startedAtMs - after.finishedAtMs) / 1_000).toFixed(2);
      return {
        effective: after.running && before.pid !== after.pid && before.startedAtMs < after.startedAtMs,
        evidence: `${service}: pid ${before.pid} became ${after.pid}, down for ${downSeconds} s${describeSlowEnd(after.finishedAtMs - askedAtMs)}`,
      };
    });
    return proofOfAll(proofs);
  }

  async heal(): Promise<number> {
    return Math.max(...this.#restarted.map(({ after }) => after.startedAtMs));
  }

  async #restart(service: string): Promise<Restarted> {
    const before = await this.#stack.state(service);
    const askedAtMs = Date.now();
    await this.#stack.container(service).restart();
    return { service, askedAtMs, before, after: await this.#stack.state(service) };
  }
}
