import type { Admin } from "kafkajs";
import { z } from "zod";
import { pause } from "../base/abortable-pause.ts";
import { askConsumed, committedByConsumer, consumedServices, undeletable } from "./consumed-topic.ts";
import { type Fault, type FaultContext, type Proof, refutes } from "./fault.ts";
import type { FaultKind } from "./kind.ts";

const probeMs = 250;
/** Kafka forgets a consumer that was killed after its session, which lasts 45 s unless the consumer asks for less. */
const emptyTimeoutMs = 60_000;

const schema = z.strictObject({ kind: z.literal("delete-group"), target: z.literal("consumer") });

const evidence = z.discriminatedUnion("code", [
  /** In how many partitions the group had committed an offset before, and in how many it has one now. */
  z.object({ code: z.literal("group-deleted"), group: z.string(), partitions: z.int(), left: z.int() }),
  z.object({ code: z.literal("group-in-use"), group: z.string(), members: z.int() }),
]);

type GroupEvidence = z.infer<typeof evidence>;

export const deleteGroup = {
  summary:
    "The consumer's group is deleted, and with it what it has committed, as Kafka does when offsets expire; the consumer has to be down.",
  schema,
  evidence,
  lasts: () => false,
  touches: (_, pipeline) => consumedServices(pipeline),
  breaks: () => [],
  unsupportedReason: (_, pipeline) => undeletable(pipeline),
  simpler: () => [],
  expected: (_, { kafka }) =>
    `the group ${kafka!.group} has committed offsets in ${kafka!.topic}, has no members, and has no committed offset any more`,
  create: (_, context) => new DeleteGroup(context),
  clause: ({ times }) => `the consumer's group was deleted${times}`,
  describe(found) {
    if (found.code === "group-in-use")
      return `the group ${found.group} still had ${found.members} members, so it cannot be deleted; stop the consumer before`;
    const { group, partitions, left } = found;
    const now = left === 0 ? "none any more" : `one in ${left} still`;
    return `the group ${group} had committed an offset in ${partitions} partitions, and has ${now}`;
  },
} satisfies FaultKind<typeof schema, GroupEvidence>;

/** Deletes the group of the consumer. Where it goes on when it comes back, its own setting decides. It takes no time and is not healed. */
class DeleteGroup implements Fault<GroupEvidence> {
  readonly #context: FaultContext;
  #partitions = 0;
  #members = 0;
  #atMs = 0;

  constructor(context: FaultContext) {
    this.#context = context;
  }

  async inject(): Promise<number> {
    const { stack } = this.#context;
    await askConsumed(stack, async (admin) => {
      this.#partitions = (await committedByConsumer(admin, stack.pipeline)).size;
      this.#members = await this.#membersLeft(admin);
      if (this.#members === 0) await admin.deleteGroups([this.#group]);
    });
    this.#atMs = Date.now();
    return this.#atMs;
  }

  /** Asks the brokers again for what the group has committed. */
  async prove(): Promise<Proof<GroupEvidence>> {
    const { stack } = this.#context;
    const group = this.#group;
    if (this.#members > 0) return refutes({ code: "group-in-use", group, members: this.#members });
    const { size: left } = await askConsumed(stack, (admin) => committedByConsumer(admin, stack.pipeline));
    const partitions = this.#partitions;
    return {
      effective: partitions > 0 && left === 0,
      evidence: [{ code: "group-deleted", group, partitions, left }],
    };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  get #group(): string {
    return this.#context.stack.pipeline.kafka!.group;
  }

  /** Waits until Kafka has noticed that the consumer is gone; returns how many members the group still has otherwise. */
  async #membersLeft(admin: Admin): Promise<number> {
    for (const deadlineMs = Date.now() + emptyTimeoutMs; ; await pause(probeMs, this.#context.signal)) {
      const { groups } = await admin.describeGroups([this.#group]);
      const members = groups.reduce((sum, each) => sum + each.members.length, 0);
      if (members === 0 || Date.now() > deadlineMs) return members;
    }
  }
}
