import { pause } from "../base/pause.ts";
import type { ContainerState } from "../places/compose/container.ts";
import type { Stack } from "../places/compose/stack.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll } from "./fault.ts";
import { describeSlowEnd } from "./slow-end.ts";

/** How containers are brought down; `kill-at-once` all in the same moment, as when the power fails. */
export type DownMethod = "kill" | "kill-at-once" | "stop";

const endProbeMs = 20;
/** The engine waits 10 s for a process that is to stop, and then kills it. */
const endTimeoutMs = 30_000;

/** A container that is to be down: as it was before, and when its process had ended. */
interface Downed {
  before: ContainerState;
  /** When it was told to end, in Unix milliseconds. */
  askedAtMs: number | undefined;
  endedAtMs: number | undefined;
}

/** `docker kill` or `docker stop`, and `docker start` when the fault heals; of several containers together. */
export class Down implements Fault {
  readonly #world: FaultContext;
  readonly #stack: Stack;
  readonly #instances: string[];
  readonly #method: DownMethod;
  readonly #moment: () => Promise<void>;
  #spreadMs = 0;
  readonly #downed = new Map<string, Downed>();

  /** @param moment is waited for before they are brought down, when all is ready for it */
  constructor(world: FaultContext, instances: string[], method: DownMethod, moment = async () => {}) {
    this.#world = world;
    this.#stack = world.stack;
    this.#instances = instances;
    this.#method = method;
    this.#moment = moment;
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[], method: DownMethod): string {
    const how = {
      kill: "the process ends with exit code 137 (SIGKILL)",
      "kill-at-once": "all processes are sent SIGKILL in one moment and end with exit code 137",
      stop: "the process ends",
    }[method];
    return `${services.join(", ")}: ${how}, and the container is not started again until it heals; lines are written meanwhile`;
  }

  async inject(): Promise<number> {
    for (const instance of this.#instances)
      this.#downed.set(instance, {
        before: await this.#stack.state(instance),
        askedAtMs: undefined,
        endedAtMs: undefined,
      });
    await this.#moment();
    for (const instance of this.#instances) this.#world.ended.add(instance);
    if (this.#method === "kill-at-once") await this.#stack.killAtOnce(this.#instances);
    const ended = await allEnded(this.#instances.map((instance) => this.#end(instance)));
    this.#spreadMs = Math.round(Math.max(...ended) - Math.min(...ended));
    return Math.max(...ended);
  }

  async prove(): Promise<Proof> {
    const proofs = await Promise.all(
      [...this.#downed].map(([instance, downed]) => this.#proveOf(instance, downed)),
    );
    const { effective, evidence } = proofOfAll(proofs);
    return {
      effective,
      evidence: this.#downed.size > 1 ? `${evidence}, all within ${this.#spreadMs} ms` : evidence,
    };
  }

  /** One that runs already has been started by something else: until then it was down. */
  async heal(): Promise<number> {
    const started = [...this.#downed.keys()].map(async (instance) => {
      if (!(await this.#stack.state(instance)).running) await this.#stack.container(instance).start();
      return (await this.#stack.state(instance)).startedAtMs;
    });
    return Math.min(...(await Promise.all(started)));
  }

  /** The engine answers a kill before the process has gone; and what starts a container at once would never let it be seen ended. */
  async #end(instance: string): Promise<number> {
    const container = this.#stack.container(instance);
    const downed = this.#downed.get(instance)!;
    if (downed.before.pid === 0) return Date.now();
    downed.askedAtMs = Date.now();
    if (this.#method === "kill") await container.kill({ signal: "SIGKILL" });
    if (this.#method === "stop") await container.stop();
    for (const deadlineMs = Date.now() + endTimeoutMs; ; await pause(endProbeMs, this.#world.signal)) {
      const { running, startedAtMs, finishedAtMs } = await this.#stack.state(instance);
      const hasEnded = !running || startedAtMs !== downed.before.startedAtMs;
      if (!hasEnded && Date.now() < deadlineMs) continue;
      downed.endedAtMs = hasEnded ? finishedAtMs : Date.now();
      return downed.endedAtMs;
    }
  }

  async #proveOf(instance: string, { before, askedAtMs, endedAtMs }: Downed): Promise<Proof> {
    const { running, exitCode, startedAtMs } = await this.#stack.state(instance);
    const { pid } = before;
    if (pid === 0)
      return { effective: false, evidence: `${instance} did not run, so there was nothing to end` };
    if (startedAtMs !== before.startedAtMs) {
      const seconds = ((startedAtMs - endedAtMs!) / 1_000).toFixed(2);
      const evidence = `${instance}: pid ${pid} ended, but something started the container again after ${seconds} s`;
      return { effective: false, evidence };
    }
    const wasKilled = exitCode === 137;
    return {
      effective: !running && (this.#method === "stop" || wasKilled),
      evidence: running
        ? `${instance}: pid ${pid} was to end but the container runs`
        : `${instance}: pid ${pid} ended with exit code ${exitCode}${wasKilled ? " (SIGKILL)" : ""}${describeSlowEnd(endedAtMs! - askedAtMs!)}`,
    };
  }
}
