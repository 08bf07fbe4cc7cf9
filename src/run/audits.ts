import type { CommonEvidence } from "../faults/evidence.ts";
import type { Audit } from "../plan/scenario.ts";
import { recordsIn } from "../products/kafka-topic.ts";
import { HeldRetention } from "./held-retention.ts";
import type { KafkaSide } from "./kafka-side.ts";
import type { LiveRun } from "./live-run.ts";
import { SiteLoss } from "./site-loss.ts";

/** Counts what Kafka or a second site holds before a fault heals. */
export class Audits {
  readonly #live: LiveRun;
  readonly #signal: AbortSignal;
  #retention: HeldRetention | undefined;
  #siteLoss: SiteLoss | undefined;

  constructor(live: LiveRun, signal: AbortSignal) {
    this.#live = live;
    this.#signal = signal;
  }

  /** Set once a site was audited. */
  get siteLoss(): SiteLoss | undefined {
    return this.#siteLoss;
  }

  /** Keeps Kafka from deleting the backlog of a time lapse before all of it has been written. */
  async holdRetention(): Promise<void> {
    const { setup, kafka, stack } = this.#live;
    if (setup.request.plan.timeLapse === null || kafka === undefined) return;
    this.#retention = new HeldRetention(stack, this.#signal);
    await this.#retention.hold();
  }

  /** @returns what was found */
  async carryOut(what: Audit): Promise<CommonEvidence> {
    const { kafka } = this.#live;
    if (kafka === undefined) throw new RangeError("a pipeline without Kafka cannot be audited");
    return what === "kafka" ? this.#auditKafka(kafka) : this.#auditSite(kafka);
  }

  /** What Kafka holds before a fault heals, and what is left of the backlog of a time lapse once its retention has been applied. */
  async #auditKafka(kafka: KafkaSide): Promise<CommonEvidence> {
    const { writer, setup } = this.#live;
    const held = await kafka.audit(writer, this.#signal);
    if (this.#retention === undefined) return { code: "kafka-held", ...held, deleted: null };
    const offsets = await this.#retention.apply();
    const deleted = offsets.reduce((sum, { low }) => sum + Number(low), 0);
    setup.outputs.journal.add("retention-applied", { deleted, left: recordsIn(offsets) });
    return { code: "kafka-held", ...held, deleted };
  }

  /** What the second site has while the first is lost. */
  async #auditSite(kafka: KafkaSide): Promise<CommonEvidence> {
    const { stack, watching, loki, writer } = this.#live;
    this.#siteLoss = new SiteLoss({
      stack,
      kafka,
      watch: watching.watch,
      arrivals: watching.arrivals,
      read: (ledger) => loki.readOptions(ledger),
      signal: this.#signal,
    });
    return this.#siteLoss.audit(writer);
  }
}
