import type { Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { withAdmin } from "./kafka-admin.ts";
import { type TopicOffsets, topicOffsets } from "./kafka-topic.ts";
import { type ConfigEntry, changeTopicConfig, topicConfigOf } from "./topic-config.ts";

const retentionCheckMs = 1_000;
/** How many check intervals may pass without a deletion before retention counts as applied. */
const checksWaited = 3;
const probeMs = 250;
const retentionSetting = "retention.ms";

/**
 * Controls Kafka's retention during a time lapse. The records of a simulated long outage are written within seconds, but their first
 * records are already as old as they would be at the end of the outage. Kafka would delete them before the rest is written, so retention is
 * switched off until all records are written, and then applied.
 */
export class HeldRetention {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #signal: AbortSignal;
  #own: ConfigEntry[] = [];

  constructor(kafka: Kafka, topic: string, signal: AbortSignal) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#signal = signal;
  }

  /** The values of the Compose variables that make brokers check retention often enough. */
  static variables(names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, `${retentionCheckMs}`]));
  }

  /** Switches the topic's retention off, until `apply`. */
  async hold(): Promise<void> {
    await withAdmin(this.#kafka, async (admin) => {
      const entries = await topicConfigOf(admin, this.#topic);
      this.#own = entries.filter(({ name }) => name === retentionSetting);
      await changeTopicConfig(admin, this.#topic, [{ name: retentionSetting, value: "-1" }]);
    });
  }

  /**
   * Restores the topic's own retention and waits until the brokers have applied it.
   *
   * @returns the offsets that are left in each partition
   */
  async apply(): Promise<TopicOffsets> {
    return withAdmin(this.#kafka, async (admin) => {
      await changeTopicConfig(admin, this.#topic, this.#own);
      let offsets = await topicOffsets(admin, this.#topic);
      let movedAtMs = Date.now();
      while (Date.now() - movedAtMs < checksWaited * retentionCheckMs) {
        await pause(probeMs, this.#signal);
        const now = await topicOffsets(admin, this.#topic);
        if (now.some(({ low }, index) => low !== offsets[index]!.low)) movedAtMs = Date.now();
        offsets = now;
      }
      return offsets;
    });
  }
}
