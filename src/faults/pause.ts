import { z } from "zod";
import { pause as wait } from "../base/abortable-pause.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance, InstanceState } from "../places/instance.ts";
import { assertAble } from "./able.ts";
import { onEveryInstance } from "./every-instance.ts";
import type { CommonEvidence } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes, shows } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { includesReader, missingTarget, partsLostWith } from "./targets.ts";

const askTimeoutMs = 1_000;
const probeMs = 100;
/** A process that goes on answers what waited for it first. */
const answerTimeoutMs = 30_000;

const schema = z.strictObject({ kind: z.literal("pause"), target: z.string() });

/** `answers`: whether its server answers a request; null for one that answered none before it was paused, such as a broker. */
const seen = { instance: z.string(), pid: z.int(), answers: z.boolean().nullable() };

const evidence = z.discriminatedUnion("code", [
  z.object({ code: z.literal("paused"), ...seen }),
  z.object({ code: z.literal("not-paused"), ...seen }),
  z.object({ code: z.literal("goes-on"), ...seen }),
  z.object({ code: z.literal("not-the-same"), instance: z.string(), pid: z.int() }),
  z.object({ code: z.literal("nothing-to-pause"), instance: z.string() }),
]);

type PauseEvidence = z.infer<typeof evidence>;

export const pause = {
  summary: "SIGSTOP: the process stands still and its connections stay open; SIGCONT when it heals.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, servicesOf(pipeline, target)),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, servicesOf(pipeline, target)),
  unsupportedReason: ({ target }, pipeline) => missingTarget(pipeline, target),
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${servicesOf(pipeline, target).join(", ")}: the kernel says that the process is stopped (T), it is still the same one, and its server answers nothing, ` +
    "when it was paused and still when it heals; afterwards it runs and answers again; lines are written meanwhile",
  create({ target }, context) {
    const services = servicesOf(context.stack.pipeline, target);
    return onEveryInstance(context, services, new Pause(context, context.stack.instances(services)));
  },
  clause: ({ name, times, held }) => `${name} was paused${times}${held}`,
  describe(found) {
    const { instance } = found;
    if (found.code === "nothing-to-pause") return `${instance} did not run, so there was nothing to pause`;
    if (found.code === "not-the-same") return `${instance}: pid ${found.pid} was paused, and no longer runs`;
    const state = { paused: "stands still", "not-paused": "does not stand still", "goes-on": "goes on" };
    const answers = found.answers ? ", and it answers" : ", and it answers nothing";
    return `${instance}: pid ${found.pid} ${state[found.code]}${found.answers === null ? "" : answers}`;
  },
} satisfies FaultKind<typeof schema, PauseEvidence>;

/** An instance that is to stand still, as it was before. */
interface Paused {
  instance: Instance;
  before: InstanceState;
  answered: boolean;
  /** Whether another fault had ended its process before. */
  wasDown: boolean;
}

/** Stops the processes of several instances where they are, until the fault heals. */
class Pause implements Fault<PauseEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  #paused: Paused[] = [];
  #injectedAtMs = 0;

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
  }

  /** In force when the last of them stands still: before that, some of them still answered. */
  async inject(): Promise<number> {
    this.#injectedAtMs = Date.now();
    return this.#alone(async () => {
      this.#paused = await Promise.all(
        this.#instances.map(async (instance) => {
          const [before, answered] = await Promise.all([instance.state(), answers(instance)]);
          const wasDown = !before.running && this.#context.holds.byAnother("down", instance.name);
          return { instance, before, answered, wasDown };
        }),
      );
      return Math.max(...(await allEnded(this.#paused.map((paused) => this.#stop(paused)))));
    });
  }

  async prove(): Promise<Proof<PauseEvidence | CommonEvidence>> {
    return this.#alone(async () =>
      proofOfAll(await Promise.all(this.#paused.map((paused) => this.#proveOf(paused)))),
    );
  }

  /** Has those go on that stand still, which also after half a fault are not all of them. */
  async heal(): Promise<number> {
    return this.#alone(async () => {
      const healedAtMs = Date.now();
      const goingOn = this.#instances.map(async (instance) => {
        if (this.#context.holds.release("paused", instance.name)) return;
        if ((await instance.state()).running && (await instance.isPaused!())) await instance.unpause!();
      });
      await allEnded(goingOn);
      return healedAtMs;
    });
  }

  async proveHealed(): Promise<Proof<PauseEvidence | CommonEvidence>> {
    return proofOfAll(await Promise.all(this.#paused.map((paused) => this.#proveHealedOf(paused))));
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#context.holds.alone(
      this.#instances.map(({ name }) => name),
      work,
    );
  }

  async #stop({ instance, before }: Paused): Promise<number> {
    assertAble(instance.pause, "stop a process where it is");
    const isHeld = this.#context.holds.take("paused", instance.name);
    if (before.running && !isHeld) await instance.pause!();
    return Date.now();
  }

  async #proveOf(paused: Paused): Promise<Proof<PauseEvidence | CommonEvidence>> {
    const { instance, before, answered } = paused;
    const { name } = instance;
    const { pid } = before;
    const { running, incarnation } = await instance.state();
    if (!running || incarnation !== before.incarnation) {
      if (this.#wasEndedByAnother(paused)) return shows({ code: "ended-by-another", instance: name });
      return before.running
        ? refutes({ code: "not-the-same", instance: name, pid })
        : refutes({ code: "nothing-to-pause", instance: name });
    }
    const found = { instance: name, pid, answers: answered ? await answers(instance) : null };
    const isPaused = await instance.isPaused!();
    return isPaused && found.answers !== true
      ? shows({ code: "paused", ...found })
      : refutes({ code: "not-paused", ...found });
  }

  async #proveHealedOf(paused: Paused): Promise<Proof<PauseEvidence | CommonEvidence>> {
    const { instance, before, answered } = paused;
    const { name } = instance;
    const { holds, signal } = this.#context;
    const deadlineMs = Date.now() + answerTimeoutMs;
    for (; ; await wait(probeMs, signal)) {
      if (holds.byAnother("paused", name) || this.#wasEndedByAnother(paused)) return shows();
      const { running, incarnation, pid } = await instance.state();
      if (!running || incarnation !== before.incarnation)
        return refutes({ code: "not-the-same", instance: name, pid: before.pid });
      const found = { instance: name, pid, answers: answered ? await answers(instance) : null };
      const goesOn = !(await instance.isPaused!()) && found.answers !== false;
      if (goesOn) return shows({ code: "goes-on", ...found });
      if (Date.now() > deadlineMs) return refutes({ code: "goes-on", ...found });
    }
  }

  #wasEndedByAnother({ instance: { name }, wasDown }: Paused): boolean {
    const { holds } = this.#context;
    return (
      wasDown || holds.byAnother("down", name) || holds.wasDoneByAnother("ended", name, this.#injectedAtMs)
    );
  }
}

/** Whether an instance's server answers a request, whatever it answers. */
async function answers(instance: Instance): Promise<boolean> {
  const address = await instance.address();
  if (address === undefined) return false;
  try {
    const answer = await fetch(address.url, { signal: AbortSignal.timeout(askTimeoutMs) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
