import { Counters } from "./counters.ts";

/** What the gateway itself says it did, over all its restarts. A hint, like the shipper's counters. */
export interface GatewayTotals {
  /** Lines of pushes that it took in. */
  received: number;
  /** Lines of pushes that it answered with 204. */
  acknowledged: number;
  /** Batches that Kafka did not acknowledge. */
  produceFailures: number;
  /** How many pushes were answered, by HTTP status. */
  answers: Record<string, number>;
}

const names = {
  received: "push_gateway_lines_received_total",
  acknowledged: "push_gateway_lines_acknowledged_total",
  produceFailures: "push_gateway_produce_failures_total",
  answers: "push_gateway_requests_total",
};

/** Adds up the gateway's counters. */
export class GatewayCounters {
  readonly #counters = new Counters(Object.values(names));

  /** @param text what `/metrics` answered */
  add(text: string): void {
    this.#counters.add(text);
  }

  get totals(): GatewayTotals {
    return {
      received: this.#counters.sumOf(names.received),
      acknowledged: this.#counters.sumOf(names.acknowledged),
      produceFailures: this.#counters.sumOf(names.produceFailures),
      answers: this.#counters.sumsBy(names.answers, "status"),
    };
  }
}
