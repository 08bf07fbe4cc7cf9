import { z } from "zod";
import { type TopicOffsets, topicOffsets } from "../products/kafka/kafka-topic.ts";
import { askConsumed, committedByConsumer, consumedServices, undeletable } from "./consumed-topic.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";
import type { FaultKind } from "./kind.ts";

const schema = z.strictObject({ kind: z.literal("delete-records"), target: z.literal("kafka") });

/** `missed` partitions still have records that were to be deleted. `undelivered` of the deleted records had not been committed. */
const evidence = z.object({
  code: z.literal("records-deleted"),
  topic: z.string(),
  partitions: z.int(),
  records: z.int(),
  undelivered: z.int(),
  missed: z.int(),
});

type RecordsEvidence = z.infer<typeof evidence>;

export const deleteRecords = {
  summary:
    "The older half of the records that the consumer has not delivered is deleted, as Kafka does when they exceed the topic's retention.",
  schema,
  evidence,
  lasts: () => false,
  deletesRecords: true,
  touches: (_, pipeline) => consumedServices(pipeline),
  breaks: () => [],
  unsupportedReason: (_, pipeline) => undeletable(pipeline),
  simpler: () => [],
  expected: (_, { kafka }) =>
    `the first offsets of ${kafka!.topic} rise above what the group ${kafka!.group} has committed, in at least one partition`,
  create: (_, context) => new DeleteRecords(context),
  clause: ({ times }) => `records that were not delivered were deleted from Kafka${times}`,
  describe({ topic, partitions, records, undelivered, missed }) {
    const still = missed === 0 ? "" : `; ${missed} of these partitions still have them`;
    return `${records} records deleted in ${partitions} partitions of ${topic}, of which ${undelivered} were not delivered${still}`;
  },
} satisfies FaultKind<typeof schema, RecordsEvidence>;

/** What is to be deleted in a partition: the records from `from` to before `upTo`. */
interface Range {
  partition: number;
  from: number;
  upTo: number;
}

/**
 * The older half of what comes after the committed offset, rounded up, and everything before it; nothing where all is delivered.
 *
 * @param committed by partition; where there is none, nothing is delivered
 */
export function rangesToDelete(offsets: TopicOffsets, committed: ReadonlyMap<number, bigint>): Range[] {
  return offsets.flatMap(({ partition, ...ends }) => {
    const [low, high] = [Number(ends.low), Number(ends.high)];
    const next = Math.max(low, Number(committed.get(partition) ?? low));
    return next >= high ? [] : [{ partition, from: low, upTo: next + Math.ceil((high - next) / 2) }];
  });
}

/** How many records of a range come after what is committed. */
function undeliveredIn({ partition, from, upTo }: Range, committed: ReadonlyMap<number, bigint>): number {
  return Math.max(0, upTo - Math.max(from, Number(committed.get(partition) ?? from)));
}

/** Deletes records that the consumer still needs. It takes no time and is not healed. */
class DeleteRecords implements Fault<RecordsEvidence> {
  readonly #context: FaultContext;
  #ranges: Range[] = [];
  #undelivered = 0;
  #atMs = 0;

  constructor(context: FaultContext) {
    this.#context = context;
  }

  async inject(): Promise<number> {
    const { stack } = this.#context;
    const topic = this.#topic;
    await askConsumed(stack, async (admin) => {
      const committed = await committedByConsumer(admin, stack.pipeline);
      this.#ranges = rangesToDelete(await topicOffsets(admin, topic), committed);
      const partitions = this.#ranges.map(({ partition, upTo }) => ({ partition, offset: `${upTo}` }));
      if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
      this.#atMs = Date.now();
      // A consumer that runs may have delivered some of them meanwhile.
      const now = await committedByConsumer(admin, stack.pipeline);
      this.#undelivered = this.#ranges.reduce((sum, range) => sum + undeliveredIn(range, now), 0);
    });
    return this.#atMs;
  }

  /** Asks the brokers again for the first offsets that they have. */
  async prove(): Promise<Proof<RecordsEvidence>> {
    const topic = this.#topic;
    const offsets = await askConsumed(this.#context.stack, (admin) => topicOffsets(admin, topic));
    const lows = new Map(offsets.map(({ partition, low }) => [partition, low]));
    const missed = this.#ranges.filter(
      ({ partition, upTo }) => Number(lows.get(partition) ?? 0n) < upTo,
    ).length;
    const records = this.#ranges.reduce((sum, { from, upTo }) => sum + upTo - from, 0);
    const found = { topic, partitions: this.#ranges.length, records, undelivered: this.#undelivered, missed };
    return {
      effective: this.#undelivered > 0 && missed === 0,
      evidence: [{ code: "records-deleted", ...found }],
    };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  get #topic(): string {
    return this.#context.stack.pipeline.kafka!.topic;
  }
}
