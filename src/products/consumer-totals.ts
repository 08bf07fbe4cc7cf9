import type { Metric } from "../base/metrics.ts";
import { Counters } from "./counters.ts";

const retries = "loki_kafka_consumer_push_retries_total";

/** Adds up what the consumer counts, over all its restarts. */
export class ConsumerCounters {
  readonly #counters = new Counters([retries]);

  /** @param metrics what `/metrics` answered */
  add(metrics: Metric[]): void {
    this.#counters.add(metrics);
  }

  /** How often it retried a push, by the status that caused the retry. */
  get retries(): Record<string, number> {
    return this.#counters.sumsBy(retries, "status");
  }
}
