import type { Admin } from "kafkajs";
import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { servicesOf } from "../pipeline/pipeline.ts";
import { askKafka } from "../places/ask-kafka.ts";
import type { Duplicate } from "../places/instance.ts";
import type { Stack } from "../places/place.ts";
import { assertAble } from "./able.ts";
import type { CommonEvidence } from "./evidence.ts";
import { type Fault, type FaultContext, type Proof, refutes, shows } from "./fault.ts";
import type { FaultKind } from "./kind.ts";
import { missingTarget, severalInstances } from "./targets.ts";

const probeMs = 200;
const joinTimeoutMs = 60_000;
/** During a rebalance the members of a group have no partitions for a moment. */
const lookTimeoutMs = 10_000;

const schema = z.strictObject({ kind: z.literal("join"), target: z.literal("consumer") });

const evidence = z.discriminatedUnion("code", [
  /** The number of partitions of each member of the group that has any. */
  z.object({ code: z.literal("members"), partitions: z.array(z.int()) }),
  z.object({ code: z.literal("twin-ended"), service: z.string(), exitCode: z.int() }),
]);

type JoinEvidence = z.infer<typeof evidence>;

export const join = {
  summary: "A second container of the same kind works beside the first until it heals.",
  schema,
  evidence,
  lasts: () => true,
  touches: ({ target }, pipeline) => servicesOf(pipeline, target),
  breaks: () => [],
  /** The second consumer is ended when the fault heals, and its counters are lost. */
  ends: ({ target }) => [{ part: target, by: "term" }],
  unsupportedReason({ target }, pipeline) {
    const missing = missingTarget(pipeline, target);
    return missing ?? severalInstances(pipeline, servicesOf(pipeline, target));
  },
  simpler: () => [],
  expected({ target }, pipeline) {
    const [service] = servicesOf(pipeline, target);
    return (
      `${service} and a second one like it: both are members of the group and have partitions, when the second has joined and still ` +
      "when it is to leave; lines are written meanwhile"
    );
  },
  create({ target }, context) {
    const [service] = servicesOf(context.stack.pipeline, target);
    return new Join(context, service!);
  },
  clause: ({ times, held }) => `a second consumer joined${times}${held}`,
  describe(found) {
    if (found.code === "twin-ended")
      return `the second ${found.service} ended with exit code ${found.exitCode}`;
    const { length } = found.partitions;
    return length === 2
      ? `the group has two members, which have ${found.partitions.join(" and ")} partitions`
      : `the group has ${length} members with partitions`;
  },
} satisfies FaultKind<typeof schema, JoinEvidence>;

/** A second consumer with the same image, settings and networks joins the group, and is stopped gracefully when the fault heals. */
class Join implements Fault<JoinEvidence | CommonEvidence> {
  readonly #context: FaultContext;
  readonly #stack: Stack;
  readonly #signal: AbortSignal;
  readonly #service: string;
  #twin: Duplicate | undefined;

  constructor(context: FaultContext, service: string) {
    this.#context = context;
    this.#stack = context.stack;
    this.#signal = context.signal;
    this.#service = service;
  }

  async inject(): Promise<number> {
    await this.#context.holds.whenUp(this.#needed, this.#signal);
    const [instance] = this.#stack.instances([this.#service]);
    assertAble(instance!.duplicate, "start a second container like one that runs");
    this.#twin = await instance!.duplicate!();
    await this.#sharesOnceBothWork(joinTimeoutMs);
    return Date.now();
  }

  async prove(): Promise<Proof<JoinEvidence | CommonEvidence>> {
    const down = this.#needed.filter((instance) => this.#context.holds.byAnother("down", instance));
    const partitions = down.length > 0 ? [] : await this.#sharesOnceBothWork(lookTimeoutMs);
    const { running: isRunning, exitCode } = await this.#twin!.state();
    if (!isRunning)
      return refutes(
        { code: "twin-ended", service: this.#service, exitCode },
        { code: "members", partitions },
      );
    if (down.length > 0)
      return shows(...down.map((instance) => ({ code: "down-already" as const, instance })));
    return { effective: partitions.length === 2, evidence: [{ code: "members", partitions }] };
  }

  async heal(): Promise<number> {
    const healedAtMs = Date.now();
    if (this.#twin === undefined) return healedAtMs;
    if ((await this.#twin.state()).running) await this.#twin.end("term");
    await this.#twin.remove();
    return healedAtMs;
  }

  /** The instances without which the group assigns no partitions. */
  get #needed(): string[] {
    const brokers = servicesOf(this.#stack.pipeline, "kafka");
    return this.#stack.instances([this.#service, ...brokers]).map(({ name }) => name);
  }

  /** The number of partitions of each member of the group, as soon as two members have any, or the second consumer has ended. */
  async #sharesOnceBothWork(timeoutMs: number): Promise<number[]> {
    return askKafka(this.#stack, async (admin) => {
      for (const deadlineMs = Date.now() + timeoutMs; ; await pause(probeMs, this.#signal)) {
        const { running: isRunning } = await this.#twin!.state();
        const shares = await sharesOf(admin, this.#stack.pipeline.kafka!.group);
        if (shares.length >= 2 || !isRunning || Date.now() > deadlineMs) return shares;
      }
    });
  }
}

async function sharesOf(admin: Admin, group: string): Promise<number[]> {
  const { AssignerProtocol } = (await import("kafkajs")).default;
  const { groups } = await admin.describeGroups([group]);
  const shares = (groups[0]?.members ?? []).map(({ memberAssignment }) => {
    const assignment =
      memberAssignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(memberAssignment);
    return Object.values(assignment?.assignment ?? {}).flat().length;
  });
  return shares.filter((partitions) => partitions > 0);
}
