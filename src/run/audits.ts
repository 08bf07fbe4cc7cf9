import type { CommonEvidence } from "../faults/evidence.ts";
import type { Recorded } from "../judge/recorded.ts";
import type { Audit } from "../plan/scenario.ts";
import { HeldRetention } from "../products/kafka/held-retention.ts";
import { recordsIn } from "../products/kafka/kafka-topic.ts";
import { auditKafka } from "../sinks/kafka/audit-kafka.ts";
import { auditSite } from "../sinks/kafka/audit-site.ts";
import { isConsumerBehind } from "../sinks/kafka/consumer-lag.ts";
import type { PipelineKafka } from "../sinks/kafka/pipeline-kafka.ts";
import { kafkaOutputOf, type LiveRun } from "./live-run.ts";
import { settle } from "./settle.ts";

/** A cluster that lost half of its brokers elects new leaders within about 12 s. The audit begins when no line has arrived for this long. */
const quietMs = 4_000;
const deadlineMs = 30_000;

/** Counts what Kafka or a second site contains before a fault heals. */
export class Audits {
  readonly #live: LiveRun;
  readonly #signal: AbortSignal;
  #retention: HeldRetention | undefined;
  #kafkaRecords: number | null = null;
  #failover: Recorded["failover"] = null;

  constructor(live: LiveRun, signal: AbortSignal) {
    this.#live = live;
    this.#signal = signal;
  }

  /** How many records an audit found in Kafka, and what was observed of the loss of a site; null for what was not audited. */
  get found(): { kafkaRecords: number | null; failover: Recorded["failover"] } {
    return { kafkaRecords: this.#kafkaRecords, failover: this.#failover };
  }

  /** Prevents Kafka from deleting the backlog of a time lapse before all of it has been written. */
  async holdRetention(): Promise<void> {
    const { setup, kafka } = this.#live;
    if (setup.request.plan.timeLapse === null || kafka === undefined) return;
    this.#retention = new HeldRetention(kafka.produced, kafka.topics.topic, this.#signal);
    await this.#retention.hold();
  }

  /** @returns the evidence that is added to the fault */
  async carryOut(what: Audit): Promise<CommonEvidence> {
    const { kafka } = this.#live;
    if (kafka === undefined) throw new RangeError("a pipeline without Kafka cannot be audited");
    return what === "kafka" ? this.#auditKafka(kafka) : this.#auditSite(kafka);
  }

  /** Counts what Kafka contains before a fault heals, and what is left of the backlog of a time lapse after the retention was applied. */
  async #auditKafka(kafka: PipelineKafka): Promise<CommonEvidence> {
    const { writer, setup } = this.#live;
    const { records, ...held } = await auditKafka(kafka, kafkaOutputOf(setup), writer, this.#signal);
    this.#kafkaRecords = records;
    if (this.#retention === undefined) return { code: "kafka-held", ...held, deleted: null };
    const offsets = await this.#retention.apply();
    const deleted = offsets.reduce((sum, { low }) => sum + Number(low), 0);
    setup.outputs.journal.add("retention-applied", { deleted, left: recordsIn(offsets) });
    return { code: "kafka-held", ...held, deleted };
  }

  /** Reads what the second site has while the first is lost. */
  async #auditSite(kafka: PipelineKafka): Promise<CommonEvidence> {
    const { setup, stack, watching, sink, writer } = this.#live;
    const { folder, journal } = setup.outputs;
    this.#failover = null;
    const { recorded, evidence } = await auditSite({
      stack,
      kafka,
      writer,
      arrivals: watching.arrivals,
      output: { sink, folder, journal },
      untilQuiet: () => this.#untilQuiet(kafka),
    });
    this.#failover = recorded;
    return evidence;
  }

  async #untilQuiet(kafka: PipelineKafka): Promise<void> {
    const { setup, watching } = this.#live;
    const isBehind = () => isConsumerBehind(kafka, setup.outputs.journal, false);
    await settle(
      {
        isComplete: () => false,
        lastMovedAtMs: () => watching.watch.lastMovedAtMs,
        isUnderWay: async () => ((await isBehind()) === false ? false : undefined),
      },
      { askAfterMs: quietMs, quietMs: deadlineMs, deadlineMs },
      this.#signal,
    );
  }
}
