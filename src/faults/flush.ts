import { request } from "undici";
import { sumOf } from "../base/metrics.ts";
import { pause } from "../base/pause.ts";
import { metricsAt } from "../places/compose/service-metrics.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

const probeMs = 200;
const requestTimeoutMs = 5_000;
/** Two small streams take less than a second. */
const flushTimeoutMs = 30_000;
const metric = "loki_ingester_chunks_flushed_total";

/**
 * Has Loki's writers write to the store what they hold in memory, so that a fault that comes later meets chunks on disk as well as a
 * write-ahead log. Nothing is broken; takes no time, and needs no healing.
 */
export class Flush implements Fault {
  readonly #world: FaultContext;
  readonly #instances: string[];
  readonly #flushed = new Map<string, number>();
  #atMs = 0;

  constructor(world: FaultContext, instances: string[]) {
    this.#world = world;
    this.#instances = instances;
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[]): string {
    return `${services.join(", ")}: ${metric} rises by at least 1 after it was told to flush`;
  }

  async inject(): Promise<number> {
    await Promise.all(this.#instances.map((instance) => this.#flush(instance)));
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof> {
    const each = this.#instances.map(
      (instance) => `${instance}: ${this.#flushed.get(instance) ?? 0} chunks written to the store`,
    );
    // A writer that holds no stream has none to write.
    const effective = [...this.#flushed.values()].some((chunks) => chunks > 0);
    return { effective, evidence: `flush: ${each.join(", ")}` };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  async #flush(instance: string): Promise<void> {
    const { stack, signal } = this.#world;
    const url = await stack.url(instance);
    if (url === undefined) throw new Error(`${instance} publishes no port, so it cannot be told to flush`);
    const before = await chunksOf(url);
    const options = { method: "POST", signal: AbortSignal.timeout(requestTimeoutMs), reset: true } as const;
    const { statusCode, body } = await request(`${url}/flush`, options);
    const text = await body.text();
    if (statusCode >= 300) throw new Error(`${instance} answered ${statusCode} to /flush: ${text}`);
    for (
      const deadlineMs = Date.now() + flushTimeoutMs;
      Date.now() < deadlineMs;
      await pause(probeMs, signal)
    ) {
      const chunks = (await chunksOf(url)) - before;
      this.#flushed.set(instance, chunks);
      if (chunks > 0) return;
    }
  }
}

async function chunksOf(url: string): Promise<number> {
  return sumOf(await metricsAt(url), metric);
}
