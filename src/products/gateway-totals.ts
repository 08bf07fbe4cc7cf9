import type { Metric } from "../base/metrics.ts";
import { Counters } from "./counters.ts";

/** The gateway's own counters, over all its restarts. A hint only, like the shipper's counters. */
export interface GatewayTotals {
  /** Lines of pushes that it answered with 204. */
  acknowledged: number;
  /** How many pushes were answered, by HTTP status. */
  answers: Record<string, number>;
}

const names = {
  acknowledged: "push_gateway_lines_acknowledged_total",
  answers: "push_gateway_requests_total",
};

/** Adds up the gateway's counters. */
export class GatewayCounters {
  readonly #counters = new Counters(Object.values(names));

  /** @param metrics what `/metrics` answered */
  add(metrics: Metric[]): void {
    this.#counters.add(metrics);
  }

  get totals(): GatewayTotals {
    return {
      acknowledged: this.#counters.sumOf(names.acknowledged),
      answers: this.#counters.sumsBy(names.answers, "status"),
    };
  }
}
