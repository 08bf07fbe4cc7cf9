import { describeDuration } from "../base/duration.ts";
import { pause } from "../base/pause.ts";
import type { Backlog } from "../load/line-clock.ts";
import { shareOf } from "../load/load-plan.ts";
import type { Stack } from "../places/compose/stack.ts";
import { connectKafka, withAdmin } from "../products/kafka-admin.ts";
import { type TopicOffsets, topicOffsets } from "../products/kafka-topic.ts";
import { type ConfigEntry, changeTopicConfig, topicConfigOf } from "../run/topic-config.ts";
import { type Load, longOutageSeconds, type RunnableScenario } from "./scenario.ts";

const sevenDaysMs = 7 * 86_400_000;
/** Loki takes no line that is older than 7 days by default; the sentinel has to arrive, so it is younger by this. */
const sentinelMarginMs = 10 * 60_000;
const retentionCheckMs = 1_000;
/** A check that begins when its time has come and takes no time to speak of is over after two more. */
const checksWaited = 3;
const probeMs = 250;
const retentionSetting = "retention.ms";

/**
 * A long outage in a short time. What decides after such an outage are ages: Loki's limits go by the times of lines, Kafka's retention
 * by the times of records. So lines that are written while the outage is held for seconds carry times that spread over its whole
 * length and end when it does, and everything on their way takes them for that old.
 */
export interface TimeLapse {
  outageSeconds: number;
  backlog: Backlog;
}

/** The lapse a run needs; undefined for one that is about no long outage. */
export function timeLapseOf(scenario: RunnableScenario, load: Load, sources: number): TimeLapse | undefined {
  const outageSeconds = longOutageSeconds(scenario);
  const [first] = scenario.faults;
  if (outageSeconds === undefined || first?.until === undefined) return undefined;
  const spanMs = outageSeconds * 1_000;
  const lines = Math.max(1, Math.round(first.until * shareOf(load.lines, 0, sources)));
  const sentinelAgeMs = Math.min(spanMs + spanMs / lines, sevenDaysMs - sentinelMarginMs);
  return { outageSeconds, backlog: { lines, spanMs, sentinelAgeMs } };
}

/** How a lapse was brought about, in a sentence for a report. */
export function describeLapse({ outageSeconds }: TimeLapse, hasKafka: boolean): string {
  const lines = `the lines written meanwhile carry times spread evenly over ${describeDuration(outageSeconds)}`;
  const stamp = "the shipper stamps a line with the line's own time";
  return hasKafka
    ? `${lines}, and so do their records; ${stamp}, and Kafka's retention was applied to the whole backlog before it ended`
    : `${lines}; ${stamp}`;
}

/**
 * Kafka's retention during a lapse. A backlog that comes into being within seconds begins as old as it will be at its end, so it would be
 * deleted before the rest has come: retention is held off until all of it is there, and applied then.
 */
export class HeldRetention {
  readonly #stack: Stack;
  readonly #topic: string;
  readonly #signal: AbortSignal;
  #own: ConfigEntry[] = [];

  constructor(stack: Stack, signal: AbortSignal) {
    this.#stack = stack;
    this.#topic = stack.pipeline.kafka!.topic;
    this.#signal = signal;
  }

  /** The Compose variables that a stack needs for this. */
  static variables(names: string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, `${retentionCheckMs}`]));
  }

  /** Holds retention off, until `apply`. */
  async hold(): Promise<void> {
    await withAdmin(connectKafka(this.#stack), async (admin) => {
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
    return withAdmin(connectKafka(this.#stack), async (admin) => {
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
