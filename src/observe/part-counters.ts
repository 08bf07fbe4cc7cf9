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

/** Limits how long a paused part can delay the scrape of the others. */
const timeoutMs = 2_000;

/** What the parts have counted over all their restarts; zero or empty for parts that the pipeline does not have. */
export interface PartTotals {
  shipper: ShipperTotals;
  gateway: GatewayTotals;
  /** How often the consumer retried a push, by the HTTP status that caused the retry. */
  retries: Record<string, number>;
}

/** The counters of a part: one set for each instance, since each counts only its own work. */
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

  /** Instances that do not answer are skipped. */
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

/** Adds up the counters of a pipeline's parts. */
export class PartCounters {
  /** Whether the shipper still has lines to deliver. */
  readonly shipperWatch: ShipperWatch;
  /** For shippers whose metrics port is not configured: the port at which each instance answered. */
  readonly shipperPorts = new Map<string, number>();
  readonly #shipper: InstanceCounters<ShipperCounters>;
  readonly #gateway: InstanceCounters<GatewayCounters>;
  readonly #consumer: InstanceCounters<ConsumerCounters>;

  /** @param fileNames the prefixes of the names of the run's files */
  constructor(pipeline: Pipeline, fileNames: readonly string[]) {
    const { gateway, consumer } = pipeline;
    this.shipperWatch = new ShipperWatch(fileNames);
    this.#shipper = new InstanceCounters(servicesOf(pipeline, "shipper"), () => new ShipperCounters());
    const gateways = gateway === undefined ? [] : servicesOf(pipeline, "gateway");
    this.#gateway = new InstanceCounters(gateways, () => new GatewayCounters());
    const consumers = consumer === undefined ? [] : servicesOf(pipeline, "consumer");
    this.#consumer = new InstanceCounters(consumers, () => new ConsumerCounters());
  }

  /** Scrapes all parts; instances that do not answer are skipped. */
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

/** Several instances may read a file; it has been read as far as the slowest of them has read it. */
function leastOf(all: Record<string, number>[]): Record<string, number> {
  const keys = new Set(all.flatMap((counts) => Object.keys(counts)));
  return Object.fromEntries(
    [...keys].map((key) => [key, Math.min(...all.map((counts) => counts[key] ?? 0))]),
  );
}
