import { z } from "zod";
import { servicesOf } from "../pipeline/pipeline.ts";
import type { Instance, InstanceState } from "../places/instance.ts";
import { onEveryInstance } from "./every-instance.ts";
import { type CommonEvidence, secondsOf } from "./evidence.ts";
import { allEnded, type Fault, type FaultContext, type Proof, proofOfAll, refutes, shows } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { describeSlowEnd } from "./slow-end.ts";
import { includesReader, missingTarget, partsEndedWith, partsLostWith } from "./targets.ts";

const schema = z.strictObject({ kind: z.literal("restart"), target: z.string() });

const evidence = z.discriminatedUnion("code", [
  /** `tookMs`: from the request to the end of the old process. */
  z.object({
    code: z.literal("restarted"),
    instance: z.string(),
    pidBefore: z.int(),
    pidAfter: z.int(),
    downMs: z.number(),
    tookMs: z.number(),
  }),
  z.object({ code: z.literal("nothing-to-restart"), instance: z.string() }),
]);

type RestartEvidence = z.infer<typeof evidence>;

export const restart = {
  summary: "SIGTERM, and SIGKILL after the engine's 10 s; started again at once.",
  schema,
  evidence,
  lasts: () => false,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: ({ target }, pipeline) => partsLostWith(pipeline, servicesOf(pipeline, target)),
  ends: ({ target }, pipeline) => partsEndedWith(pipeline, servicesOf(pipeline, target), "term"),
  pausesReading: ({ target }, pipeline) => includesReader(pipeline, servicesOf(pipeline, target)),
  unsupportedReason: ({ target }, pipeline) => missingTarget(pipeline, target),
  simpler: () => [],
  expected: ({ target }, pipeline) =>
    `${servicesOf(pipeline, target).join(", ")}: the process id and the time of its start change; lines are written while it is down`,
  create({ target }, context) {
    const services = servicesOf(context.stack.pipeline, target);
    return onEveryInstance(context, services, new Restart(context, context.stack.instances(services)));
  },
  clause: ({ name, times }) => `${name} was restarted${times}`,
  describe(found) {
    if (found.code === "nothing-to-restart")
      return `${found.instance} did not run, so there was nothing to restart`;
    const { instance, pidBefore, pidAfter, downMs, tookMs } = found;
    return `${instance}: pid ${pidBefore} became ${pidAfter}, down for ${secondsOf(downMs)} s${describeSlowEnd(tookMs)}`;
  },
} satisfies FaultKind<typeof schema, RestartEvidence>;

interface Restarted {
  instance: string;
  /** Whether another fault holds it down, so that it was not restarted. */
  isHeldDown: boolean;
  /** When the restart was requested, in Unix milliseconds. */
  askedAtMs: number;
  before: InstanceState;
  after: InstanceState;
}

/**
 * Restarts several instances together. They are down for as long as the processes need to end and the place needs to start them again. The
 * fault is in force from the end of the first process until the start of the last one.
 */
class Restart implements Fault<RestartEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #instances: Instance[];
  #restarted: Restarted[] = [];

  constructor(context: FaultContext, instances: Instance[]) {
    this.#context = context;
    this.#instances = instances;
  }

  async inject(): Promise<number> {
    const restarted = () => allEnded(this.#instances.map((instance) => this.#restart(instance)));
    this.#restarted = await this.#context.holds.alone(
      this.#instances.map(({ name }) => name),
      restarted,
    );
    return Math.min(
      ...this.#restarted.map(({ isHeldDown, askedAtMs, after }) =>
        isHeldDown ? askedAtMs : after.endedAtMs,
      ),
    );
  }

  async prove(): Promise<Proof<RestartEvidence | CommonEvidence>> {
    return proofOfAll(this.#restarted.map(proofOf));
  }

  async heal(): Promise<number> {
    return Math.max(
      ...this.#restarted.map(({ isHeldDown, askedAtMs, after }) =>
        isHeldDown ? askedAtMs : after.startedAtMs,
      ),
    );
  }

  async #restart(instance: Instance): Promise<Restarted> {
    const { holds } = this.#context;
    const { name } = instance;
    const before = await instance.state();
    const askedAtMs = Date.now();
    if (holds.byAnother("down", name))
      return { instance: name, isHeldDown: true, askedAtMs, before, after: before };
    holds.note("ended", name);
    await instance.restart();
    return { instance: name, isHeldDown: false, askedAtMs, before, after: await instance.state() };
  }
}

function proofOf({
  instance,
  isHeldDown,
  askedAtMs,
  before,
  after,
}: Restarted): Proof<RestartEvidence | CommonEvidence> {
  if (isHeldDown) return shows({ code: "down-already", instance });
  if (!before.running) return refutes({ code: "nothing-to-restart", instance });
  const [pidBefore, pidAfter] = [before.pid, after.pid];
  const downMs = after.startedAtMs - after.endedAtMs;
  const tookMs = after.endedAtMs - askedAtMs;
  return {
    effective:
      after.running && before.incarnation !== after.incarnation && before.startedAtMs < after.startedAtMs,
    evidence: [{ code: "restarted", instance, pidBefore, pidAfter, downMs, tookMs }],
  };
}
