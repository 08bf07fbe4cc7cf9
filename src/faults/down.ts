import { z } from "zod";
import { pause } from "../base/pause.ts";
import type { ContainerState } from "../places/compose/container.ts";
import { type CommonEvidence, secondsOf } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes, shows } from "./fault.ts";
import { describeSlowEnd } from "./slow-end.ts";

/** How instances are brought down; `kill-at-once` all in the same moment, as when the power fails. */
export type DownMethod = "kill" | "kill-at-once" | "stop";

/** What may be found of instances that are to be down. */
export const downEvidence = z.discriminatedUnion("code", [
  /** `tookMs`: from the question to the end. */
  z.object({
    code: z.literal("ended"),
    instance: z.string(),
    pid: z.int(),
    exitCode: z.int(),
    tookMs: z.number(),
  }),
  z.object({ code: z.literal("still-runs"), instance: z.string(), pid: z.int() }),
  z.object({ code: z.literal("nothing-to-end"), instance: z.string() }),
  z.object({ code: z.literal("started-again"), instance: z.string(), pid: z.int(), afterMs: z.number() }),
  /** Between the ends of the first and the last of several. */
  z.object({ code: z.literal("spread"), ms: z.number() }),
]);

export type DownEvidence = z.infer<typeof downEvidence>;

export function describeDown(evidence: DownEvidence): string {
  switch (evidence.code) {
    case "ended": {
      const { instance, pid, exitCode, tookMs } = evidence;
      return `${instance}: pid ${pid} ended with exit code ${exitCode}${exitCode === sigkilled ? " (SIGKILL)" : ""}${describeSlowEnd(tookMs)}`;
    }
    case "still-runs":
      return `${evidence.instance}: pid ${evidence.pid} was to end but the container runs`;
    case "nothing-to-end":
      return `${evidence.instance} did not run, so there was nothing to end`;
    case "started-again":
      return `${evidence.instance}: pid ${evidence.pid} ended, but something started the container again after ${secondsOf(evidence.afterMs)} s`;
    case "spread":
      return `all within ${evidence.ms} ms`;
  }
}

/** How an engine tells that a process ended by SIGKILL. */
export const sigkilled = 137;
const endProbeMs = 20;
/** The engine waits 10 s for a process that is to stop, and then kills it. */
const endTimeoutMs = 30_000;

/** An instance that is to be down: as it was before, and when its process had ended. */
interface Downed {
  before: ContainerState;
  /** Another fault had brought it down. */
  wasDown: boolean;
  /** When it was told to end, in Unix milliseconds. */
  askedAtMs: number;
  endedAtMs: number;
}

/** `docker kill` or `docker stop`, and `docker start` when the fault heals; of several instances together. */
export class Down implements Fault<DownEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: string[];
  readonly #method: DownMethod;
  readonly #moment: () => Promise<void>;
  readonly #downed = new Map<string, Downed>();

  /** @param moment is waited for before they are brought down, when all is ready for it */
  constructor(context: FaultContext, instances: string[], method: DownMethod, moment = async () => {}) {
    this.#context = context;
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
    return this.#context.holds.alone(this.#instances, async () => {
      for (const instance of this.#instances) {
        const before = await this.#context.stack.state(instance);
        const isHeld = this.#context.holds.take("down", instance);
        const now = Date.now();
        const wasDown = isHeld && !before.running;
        this.#downed.set(instance, { before, wasDown, askedAtMs: now, endedAtMs: now });
      }
      await this.#moment();
      if (this.#method === "kill-at-once") await this.#killAtOnce();
      return Math.max(...(await allEnded(this.#instances.map((instance) => this.#end(instance)))));
    });
  }

  async prove(): Promise<Proof<DownEvidence | CommonEvidence>> {
    const proofs = await Promise.all(
      [...this.#downed].map(([instance, downed]) => this.#proveOf(instance, downed)),
    );
    const { effective, evidence } = proofOfAll(proofs);
    return { effective, evidence: [...evidence, ...this.#spread()] };
  }

  /** One that runs already has been started by something else: until then it was down. */
  async heal(): Promise<number> {
    const { holds, stack } = this.#context;
    return holds.alone(this.#instances, async () => {
      const started = [...this.#downed.keys()].map(async (instance) => {
        if (holds.release("down", instance)) return Date.now();
        if (!(await stack.state(instance)).running) await stack.container(instance).start();
        return (await stack.state(instance)).startedAtMs;
      });
      return Math.min(...(await allEnded(started)));
    });
  }

  #spread(): DownEvidence[] {
    const ended = [...this.#downed.values()].map(({ endedAtMs }) => endedAtMs);
    if (ended.length < 2) return [];
    return [{ code: "spread", ms: Math.round(Math.max(...ended) - Math.min(...ended)) }];
  }

  /**
   * One program that sees the processes of all containers sends all signals. Asked for one container after the other, an engine on two
   * cores takes a second for seven: meanwhile what is left of them goes on.
   */
  async #killAtOnce(): Promise<void> {
    const pids = [...this.#downed.values()].map(({ before }) => before.pid).filter((pid) => pid > 0);
    if (pids.length === 0) return;
    const killer = await this.#context.stack.helper(["bash", "-c", `kill -KILL ${pids.join(" ")}`], "host");
    try {
      await killer.start();
      const { StatusCode: exitCode } = await killer.wait();
      if (exitCode !== 0) throw new Error(`not all of the processes ${pids.join(", ")} could be killed`);
    } finally {
      await killer.remove({ force: true });
    }
  }

  /** The engine answers a kill before the process has gone; and what starts a container at once would never let it be seen ended. */
  async #end(instance: string): Promise<number> {
    const { stack, holds, signal } = this.#context;
    const container = stack.container(instance);
    const downed = this.#downed.get(instance)!;
    if (downed.before.pid === 0) return downed.endedAtMs;
    holds.note("ended", instance);
    downed.askedAtMs = Date.now();
    if (this.#method === "kill") await container.kill({ signal: "SIGKILL" });
    if (this.#method === "stop") await container.stop();
    for (const deadlineMs = Date.now() + endTimeoutMs; ; await pause(endProbeMs, signal)) {
      const { running, startedAtMs, finishedAtMs } = await stack.state(instance);
      const hasEnded = !running || startedAtMs !== downed.before.startedAtMs;
      if (!hasEnded && Date.now() < deadlineMs) continue;
      downed.endedAtMs = hasEnded ? finishedAtMs : Date.now();
      return downed.endedAtMs;
    }
  }

  async #proveOf(instance: string, downed: Downed): Promise<Proof<DownEvidence | CommonEvidence>> {
    const { before, wasDown, askedAtMs, endedAtMs } = downed;
    const { running, exitCode, startedAtMs } = await this.#context.stack.state(instance);
    const { pid } = before;
    if (pid === 0 && !wasDown) return refutes({ code: "nothing-to-end", instance });
    if (startedAtMs !== before.startedAtMs)
      return refutes({ code: "started-again", instance, pid, afterMs: startedAtMs - endedAtMs });
    if (wasDown) return shows({ code: "down-already", instance });
    if (running) return refutes({ code: "still-runs", instance, pid });
    return {
      effective: this.#method === "stop" || exitCode === sigkilled,
      evidence: [{ code: "ended", instance, pid, exitCode, tookMs: endedAtMs - askedAtMs }],
    };
  }
}
