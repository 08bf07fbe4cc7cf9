import type { Metric } from "../metrics.ts";
import { productOf } from "../products/shipper-product.ts";
import { ConsumerCounters } from "../read/consumer-totals.ts";
import { GatewayCounters, type GatewayTotals } from "../read/gateway-totals.ts";
import { ShipperCounters, type ShipperTotals } from "../read/shipper-totals.ts";
import { type Pipeline, servicesOf } from "../stack/pipeline.ts";
import { findMetrics, metricsAmong } from "../stack/service-metrics.ts";
import type { Stack } from "../stack/stack.ts";
import { ShipperWatch } from "./shipper-watch.ts";

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
  /** Whether the shipper still has lines to deliver. */
  readonly shipperWatch: ShipperWatch;
  /** By service, the port at which a shipper answers whose port was not known beforehand. */
  readonly shipperPorts = new Map<string, number>();
  readonly #shipper = new ShipperCounters();
  readonly #gateway = new GatewayCounters();
  readonly #consumer = new ConsumerCounters();
  readonly #shippers: string[];
  readonly #sinks: [service: string, sink: { add(metrics: Metric[]): void }][] = [];

  /** @param sources of the run, each a file `SOURCE.log` */
  constructor(pipeline: Pipeline, sources: readonly string[]) {
    const { gateway, consumer } = pipeline;
    this.shipperWatch = new ShipperWatch(sources);
    this.#shippers = servicesOf(pipeline, "shipper");
    if (gateway) this.#sinks.push([servicesOf(pipeline, "gateway")[0]!, this.#gateway]);
    if (consumer) this.#sinks.push([servicesOf(pipeline, "consumer")[0]!, this.#consumer]);
  }

  /** Asks all of them; one that does not answer is passed over. */
  async scrape(stack: Stack): Promise<void> {
    const scraped = this.#sinks.map(async ([service, sink]) => {
      const metrics = await findMetrics(stack, service, timeoutMs);
      if (metrics !== undefined) sink.add(metrics);
    });
    await Promise.all([...scraped, ...this.#shippers.map((service) => this.#scrapeShipper(stack, service))]);
  }

  async #scrapeShipper(stack: Stack, service: string): Promise<void> {
    const metrics = await this.#shipperMetrics(stack, service);
    if (metrics === undefined) return;
    this.#shipper.add(metrics);
    this.shipperWatch.add(service, metrics, Date.now());
  }

  async #shipperMetrics(stack: Stack, service: string): Promise<Metric[] | undefined> {
    const { metricsPorts } = stack.pipeline.shipper;
    if (metricsPorts === undefined) return findMetrics(stack, service, timeoutMs);
    const known = this.shipperPorts.get(service);
    const answers = await metricsAmong(stack, service, known ? [known] : metricsPorts, timeoutMs);
    const answer = answers.find(({ metrics }) => productOf(metrics) !== undefined);
    if (answer !== undefined) this.shipperPorts.set(service, answer.port);
    return answer?.metrics;
  }

  get totals(): PartTotals {
    return {
      shipper: this.#shipper.totals,
      gateway: this.#gateway.totals,
      retries: this.#consumer.retries,
    };
  }
}
