import type { Metric } from "../base/metrics.ts";
import { type Pipeline, servicesOf } from "../pipeline/pipeline.ts";
import type { Instance } from "../places/instance.ts";
import { findMetrics, metricsAmong } from "../places/instance-metrics.ts";
import type { Stack } from "../places/place.ts";
import { ConsumerCounters } from "../products/consumer-totals.ts";
import { GatewayCounters, type GatewayTotals } from "../products/gateway-totals.ts";
import { productOf } from "../products/known-shippers.ts";
import { ShipperCounters, type ShipperTotals } from "../products/shipper-totals.ts";
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

/** What counts for a part: one for each instance, since each counts for itself. */
class InstanceCounters<Counting extends { add(metrics: Metric[]): void }> {
  readonly #services: string[];
  readonly #create: () => Counting;
  readonly #byInstance = new Map<string, Counting>();

  constructor(services: string[], create: () => Counting) {
    this.#services = services;
    this.#create = create;
  }

  get all(): Counting[] {
    return [...this.#byInstance.values()];
  }

  /** One that does not answer is passed over. */
  async scrape(stack: Stack, ask: (instance: Instance) => Promise<Metric[] | undefined>): Promise<void> {
    const scraped = stack.instances(this.#services).map(async (instance) => {
      const counting = this.#byInstance.get(instance.name) ?? this.#create();
      this.#byInstance.set(instance.name, counting);
      const metrics = await ask(instance);
      if (metrics !== undefined) counting.add(metrics);
    });
    await Promise.all(scraped);
  }
}

/** Adds up what the parts of a pipeline count of themselves. */
export class PartCounters {
  /** Whether the shipper still has lines to deliver. */
  readonly shipperWatch: ShipperWatch;
  /** By instance, the port at which a shipper answers whose port was not known beforehand. */
  readonly shipperPorts = new Map<string, number>();
  readonly #shipper: InstanceCounters<ShipperCounters>;
  readonly #gateway: InstanceCounters<GatewayCounters>;
  readonly #consumer: InstanceCounters<ConsumerCounters>;

  /** @param fileNames what the names of the run's files begin with */
  constructor(pipeline: Pipeline, fileNames: readonly string[]) {
    const { gateway, consumer } = pipeline;
    this.shipperWatch = new ShipperWatch(fileNames);
    this.#shipper = new InstanceCounters(servicesOf(pipeline, "shipper"), () => new ShipperCounters());
    const gateways = gateway === undefined ? [] : servicesOf(pipeline, "gateway");
    this.#gateway = new InstanceCounters(gateways, () => new GatewayCounters());
    const consumers = consumer === undefined ? [] : servicesOf(pipeline, "consumer");
    this.#consumer = new InstanceCounters(consumers, () => new ConsumerCounters());
  }

  /** Asks all of them; one that does not answer is passed over. */
  async scrape(stack: Stack): Promise<void> {
    const ask = (instance: Instance) => findMetrics(instance, timeoutMs);
    await Promise.all([
      this.#shipper.scrape(stack, (instance) => this.#shipperMetrics(stack, instance)),
      this.#gateway.scrape(stack, ask),
      this.#consumer.scrape(stack, ask),
    ]);
  }

  async #shipperMetrics(stack: Stack, instance: Instance): Promise<Metric[] | undefined> {
    const metrics = await this.#metricsOfShipper(stack, instance);
    if (metrics !== undefined) this.shipperWatch.add(instance.name, metrics, Date.now());
    return metrics;
  }

  async #metricsOfShipper(stack: Stack, instance: Instance): Promise<Metric[] | undefined> {
    const { metricsPorts } = stack.pipeline.shipper;
    if (metricsPorts === undefined) return findMetrics(instance, timeoutMs);
    const known = this.shipperPorts.get(instance.name);
    const answers = await metricsAmong(instance, known ? [known] : metricsPorts, timeoutMs);
    const answer = answers.find(({ metrics }) => productOf(metrics) !== undefined);
    if (answer !== undefined) this.shipperPorts.set(instance.name, answer.port);
    return answer?.metrics;
  }

  get totals(): PartTotals {
    return {
      shipper: sumOfShippers(this.#shipper.all.map(({ totals }) => totals)),
      gateway: sumOfGateways(this.#gateway.all.map(({ totals }) => totals)),
      retries: sumsOf(this.#consumer.all.map(({ retries }) => retries)),
    };
  }
}

function sumOfShippers(all: ShipperTotals[]): ShipperTotals {
  return {
    read: sum(all.map(({ read }) => read)),
    sent: sum(all.map(({ sent }) => sent)),
    dropped: sumsOf(all.map(({ dropped }) => dropped)),
    readBytes: leastOf(all.map(({ readBytes }) => readBytes)),
  };
}

function sumOfGateways(all: GatewayTotals[]): GatewayTotals {
  return {
    acknowledged: sum(all.map(({ acknowledged }) => acknowledged)),
    answers: sumsOf(all.map(({ answers }) => answers)),
  };
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function sumsOf(all: Record<string, number>[]): Record<string, number> {
  const keys = new Set(all.flatMap((counts) => Object.keys(counts)));
  return Object.fromEntries([...keys].map((key) => [key, sum(all.map((counts) => counts[key] ?? 0))]));
}

/** A file is read to its end when the last that reads it has come there. */
function leastOf(all: Record<string, number>[]): Record<string, number> {
  const keys = new Set(all.flatMap((counts) => Object.keys(counts)));
  return Object.fromEntries(
    [...keys].map((key) => [key, Math.min(...all.map((counts) => counts[key] ?? 0))]),
  );
}
