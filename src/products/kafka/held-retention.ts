import type { Kafka } from "kafkajs";
import { pause } from "../../base/abortable-pause.ts";
import { withAdmin } from "./kafka-admin.ts";
import { type TopicOffsets, topicOffsets } from "./kafka-topic.ts";
import { type ConfigEntry, changeTopicConfig, topicConfigOf } from "./topic-config.ts";

const retentionCheckMs = 1_000;
/** A check that begins when its time has come and takes no time to speak of is over after two more. */
const checksWaited = 3;
const probeMs = 250;
const retentionSetting = "retention.ms";

/**
 * Kafka's retention during a lapse. A backlog that comes into being within seconds begins as old as it will be at its end, so it would be
 * deleted before the rest has come: retention is held off until all of it is there, and applied then.
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

  /** The Compose variables that a stack needs for this. */
  static variables(names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, `${retentionCheckMs}`]));
  }

  /** Holds retention off, until `apply`. */
  async hold(): Promise<void> {
    await withAdmin(this.#kafka, async (admin) => {
      const entries = await topicConfigOf(admin, this.#topic);
      this.#own = entries.filter(({ name }) => name === retentionSetting);
      await changeTopicConfig(admin, this.#topic, [{ name: retentionSetting, value: "-1" }]);
    });
  }

  /**
   * Puts the topic's own retention in force and waits until it has been carried out.
   *
   * @returns what is left, partition by partition
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
