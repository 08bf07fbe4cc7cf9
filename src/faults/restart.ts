import type { ContainerState } from "../places/compose/container.ts";
import type { Stack } from "../places/compose/stack.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll } from "./fault.ts";
import { describeSlowEnd } from "./slow-end.ts";

interface Restarted {
  instance: string;
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
  readonly #world: FaultContext;
  readonly #stack: Stack;
  readonly #instances: string[];
  #restarted: Restarted[] = [];

  constructor(world: FaultContext, instances: string[]) {
    this.#world = world;
    this.#stack = world.stack;
    this.#instances = instances;
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[]): string {
    return `${services.join(", ")}: the process id and the time of its start change; lines are written while it is down`;
  }

  async inject(): Promise<number> {
    for (const instance of this.#instances) this.#world.ended.add(instance);
    this.#restarted = await allEnded(this.#instances.map((instance) => this.#restart(instance)));
    return Math.min(...this.#restarted.map(({ after }) => after.finishedAtMs));
  }

  async prove(): Promise<Proof> {
    const proofs = this.#restarted.map(({ instance, askedAtMs, before, after }) => {
      if (before.pid === 0)
        return { effective: false, evidence: `${instance} did not run, so there was nothing to restart` };
      const downSeconds = ((after.startedAtMs - after.finishedAtMs) / 1_000).toFixed(2);
      return {
        effective: after.running && before.pid !== after.pid && before.startedAtMs < after.startedAtMs,
        evidence: `${instance}: pid ${before.pid} became ${after.pid}, down for ${downSeconds} s${describeSlowEnd(after.finishedAtMs - askedAtMs)}`,
      };
    });
    return proofOfAll(proofs);
  }

  async heal(): Promise<number> {
    return Math.max(...this.#restarted.map(({ after }) => after.startedAtMs));
  }

  async #restart(instance: string): Promise<Restarted> {
    const before = await this.#stack.state(instance);
    const askedAtMs = Date.now();
    await this.#stack.container(instance).restart();
    return { instance, askedAtMs, before, after: await this.#stack.state(instance) };
  }
}
