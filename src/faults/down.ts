import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import type { Instance, InstanceState } from "../places/instance.ts";
import { assertAble } from "./able.ts";
import { type CommonEvidence, secondsOf } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes, shows } from "./fault.ts";
import { describeSlowEnd } from "./slow-end.ts";

/** How instances are ended; `kill-at-once` ends all at the same time, as in a power failure. */
type DownMethod = "kill" | "kill-at-once" | "stop";

/** The evidence of instances that are to be down. */
export const downEvidence = z.discriminatedUnion("code", [
  /** `tookMs`: from the request to the end. */
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
  /** The time between the ends of the first and the last of several processes. */
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

/** The exit code of a process that was ended by SIGKILL. */
export const sigkilled = 137;
const endProbeMs = 20;
/** The engine gives a process 10 s to stop, and then kills it. */
const endTimeoutMs = 30_000;

function namesOf(instances: Instance[]): string[] {
  return instances.map(({ name }) => name);
}

/** An instance that is to be down: its state before, and when its process ended. */
interface Downed {
  instance: Instance;
  before: InstanceState;
  /** Whether another fault had brought it down already. */
  wasDown: boolean;
  /** When it was told to end, in Unix milliseconds. */
  askedAtMs: number;
  endedAtMs: number;
}

/** Ends several instances together, and starts them again when the fault heals. */
export class Down implements Fault<DownEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  readonly #method: DownMethod;
  readonly #moment: () => Promise<void>;
  readonly #downed: Downed[] = [];

  /** @param moment is awaited just before the instances are ended */
  constructor(context: FaultContext, instances: Instance[], method: DownMethod, moment = async () => {}) {
    this.#context = context;
    this.#instances = instances;
    this.#method = method;
    this.#moment = moment;
  }

  /** The evidence that is required for the fault to count, in words. */
  static expected(services: string[], method: DownMethod): string {
    const how = {
      kill: "the process ends with exit code 137 (SIGKILL)",
      "kill-at-once": "all processes are sent SIGKILL in one moment and end with exit code 137",
      stop: "the process ends",
    }[method];
    return `${services.join(", ")}: ${how}, and the container is not started again until it heals; lines are written meanwhile`;
  }

  async inject(): Promise<number> {
    const { holds, stack } = this.#context;
    return holds.alone(namesOf(this.#instances), async () => {
      for (const instance of this.#instances) {
        const before = await instance.state();
        const wasDown = holds.take("down", instance.name) && !before.running;
        const now = Date.now();
        this.#downed.push({ instance, before, wasDown, askedAtMs: now, endedAtMs: now });
      }
      await this.#moment();
      const running = this.#downed.filter(({ before }) => before.running);
      if (this.#method === "kill-at-once" && running.length > 0) {
        assertAble(stack.killAtOnce, "kill several processes in one moment");
        await stack.killAtOnce!(running.map(({ instance }) => instance));
      }
      return Math.max(...(await allEnded(this.#downed.map((downed) => this.#end(downed)))));
    });
  }

  async prove(): Promise<Proof<DownEvidence | CommonEvidence>> {
    const proofs = await Promise.all(this.#downed.map((downed) => this.#proveOf(downed)));
    const { effective, evidence } = proofOfAll(proofs);
    return { effective, evidence: [...evidence, ...this.#spread()] };
  }

  /** An instance that runs already was started by something else, so the fault held only until then. */
  async heal(): Promise<number> {
    const { holds } = this.#context;
    return holds.alone(namesOf(this.#instances), async () => {
      const started = this.#downed.map(async ({ instance }) => {
        if (holds.release("down", instance.name)) return Date.now();
        if (!(await instance.state()).running) await instance.start();
        return (await instance.state()).startedAtMs;
      });
      return Math.min(...(await allEnded(started)));
    });
  }

  #spread(): DownEvidence[] {
    const ended = this.#downed.map(({ endedAtMs }) => endedAtMs);
    if (ended.length < 2) return [];
    return [{ code: "spread", ms: Math.round(Math.max(...ended) - Math.min(...ended)) }];
  }

  /**
   * Waits for the end, because a place returns from a kill before the process has exited. A process that is restarted at once is recognised by
   * its incarnation.
   */
  async #end(downed: Downed): Promise<number> {
    const { holds, signal } = this.#context;
    const { instance, before } = downed;
    if (!before.running) return downed.endedAtMs;
    holds.note("ended", instance.name);
    downed.askedAtMs = Date.now();
    if (this.#method !== "kill-at-once") await instance.end(this.#method === "stop" ? "term" : "kill");
    for (const deadlineMs = Date.now() + endTimeoutMs; ; await pause(endProbeMs, signal)) {
      const { running, incarnation, endedAtMs } = await instance.state();
      const hasEnded = !running || incarnation !== before.incarnation;
      if (!hasEnded && Date.now() < deadlineMs) continue;
      downed.endedAtMs = hasEnded ? endedAtMs : Date.now();
      return downed.endedAtMs;
    }
  }

  async #proveOf(downed: Downed): Promise<Proof<DownEvidence | CommonEvidence>> {
    const { before, wasDown, askedAtMs, endedAtMs } = downed;
    const { running, exitCode, incarnation, startedAtMs } = await downed.instance.state();
    const instance = downed.instance.name;
    const { pid } = before;
    if (!before.running && !wasDown) return refutes({ code: "nothing-to-end", instance });
    if (incarnation !== before.incarnation)
      return refutes({ code: "started-again", instance, pid, afterMs: startedAtMs - endedAtMs });
    if (wasDown) return shows({ code: "down-already", instance });
    if (running) return refutes({ code: "still-runs", instance, pid });
    return {
      effective: this.#method === "stop" || exitCode === sigkilled,
      evidence: [{ code: "ended", instance, pid, exitCode, tookMs: endedAtMs - askedAtMs }],
    };
  }
}
