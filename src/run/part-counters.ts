import type { Metric } from "../metrics.ts";
import { ConsumerCounters } from "../read/consumer-totals.ts";
import { GatewayCounters, type GatewayTotals } from "../read/gateway-totals.ts";
import { ShipperCounters, type ShipperTotals } from "../read/shipper-totals.ts";
import { type Pipeline, servicesOf } from "../stack/pipeline.ts";
import { findMetrics } from "../stack/service-metrics.ts";
import type { Stack } from "../stack/stack.ts";

/** A paused part is to hold up nobody for long who looks at the others. */
const timeoutMs = 2_000;

/** What the parts say they did, over all their restarts; zero and empty for those that a pipeline does not have. */
export interface PartTotals {
  shipper: ShipperTotals;
  gateway: GatewayTotals;
  /** The consumer's, by the status that made it try again. */
  retries: Record<string, number>;
}

/** Adds up what the parts of a pipeline count of themselves. */
export class PartCounters {
  readonly #shipper = new ShipperCounters();
  readonly #gateway = new GatewayCounters();
  readonly #consumer = new ConsumerCounters();
  readonly #sinks: [service: string, sink: { add(metrics: Metric[]): void }][];

  constructor(pipeline: Pipeline) {
    const { gateway, consumer } = pipeline;
    this.#sinks = servicesOf(pipeline, "shipper").map((service) => [service, this.#shipper]);
    if (gateway) this.#sinks.push([servicesOf(pipeline, "gateway")[0]!, this.#gateway]);
    if (consumer) this.#sinks.push([servicesOf(pipeline, "consumer")[0]!, this.#consumer]);
  }

  /** Asks all of them; one that does not answer is passed over. */
  async scrape(stack: Stack): Promise<void> {
    const scraped = this.#sinks.map(async ([service, sink]) => {
      const metrics = await findMetrics(stack, service, timeoutMs);
      if (metrics !== undefined) sink.add(metrics);
    });
    await Promise.all(scraped);
  }

  get totals(): PartTotals {
    return {
      shipper: this.#shipper.totals,
      gateway: this.#gateway.totals,
      retries: this.#consumer.retries,
    };
  }
}
