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
  async scrape(stack: Stack): Promise<void> {
    const scraped = stack.instancesOf(this.#services).map(async (instance) => {
      const counting = this.#byInstance.get(instance) ?? this.#create();
      this.#byInstance.set(instance, counting);
      const metrics = await findMetrics(stack, instance, timeoutMs);
      if (metrics !== undefined) counting.add(metrics);
    });
    await Promise.all(scraped);
  }
}

/** Adds up what the parts of a pipeline count of themselves. */
export class PartCounters {
  readonly #shipper: InstanceCounters<ShipperCounters>;
  readonly #gateway: InstanceCounters<GatewayCounters>;
  readonly #consumer: InstanceCounters<ConsumerCounters>;

  constructor(pipeline: Pipeline) {
    const { gateway, consumer } = pipeline;
    this.#shipper = new InstanceCounters(servicesOf(pipeline, "shipper"), () => new ShipperCounters());
    const gateways = gateway === undefined ? [] : servicesOf(pipeline, "gateway");
    this.#gateway = new InstanceCounters(gateways, () => new GatewayCounters());
    const consumers = consumer === undefined ? [] : servicesOf(pipeline, "consumer");
    this.#consumer = new InstanceCounters(consumers, () => new ConsumerCounters());
  }

  /** Asks all of them; one that does not answer is passed over. */
  async scrape(stack: Stack): Promise<void> {
    await Promise.all([this.#shipper, this.#gateway, this.#consumer].map((part) => part.scrape(stack)));
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
