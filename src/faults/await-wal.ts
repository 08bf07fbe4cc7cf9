import { sumOf } from "../base/metrics.ts";
import { pause } from "../base/pause.ts";
import { findMetrics } from "../places/compose/service-metrics.ts";
import type { Fault, FaultContext, Proof } from "./fault.ts";

/** What is to happen to the write-ahead logs of Loki's writers, by what each counts of it since it started. */
export interface WalEvent {
  event: keyof typeof metrics;
  /** Has to have happened before this share of the lines is written. */
  before: number;
}

const metrics = {
  /** The load fills the disk, which the pipeline made small. */
  "disk-full": "loki_ingester_wal_disk_full_failures_total",
  /** A writer that was ended logs again. */
  "logged-after-restart": "loki_ingester_wal_records_logged_total",
};
const probeMs = 200;

/**
 * Waits for what a later fault of the schedule needs, so that a run in which it has not happened cannot count. Takes no time and needs no
 * healing.
 */
export class AwaitWal implements Fault {
  readonly #world: FaultContext;
  readonly #instances: string[];
  readonly #event: WalEvent;
  readonly #counts = new Map<string, number>();
  #atMs = 0;

  constructor(world: FaultContext, instances: string[], event: WalEvent) {
    this.#world = world;
    this.#instances = instances;
    this.#event = event;
  }

  /** What is asked of it before it counts, in words. */
  static expected(services: string[], { event, before }: WalEvent): string {
    return `${services.join(", ")}: counts ${metrics[event]} above 0 before ${before * 100} % of the lines are written`;
  }

  async inject(): Promise<number> {
    const { writer, signal } = this.#world;
    const lines = this.#event.before * writer.plan.lines;
    while (!writer.hasEnded && writer.written < lines && !this.#hasHappened) {
      await pause(probeMs, signal);
      for (const instance of this.#instances) this.#counts.set(instance, await this.#countOf(instance));
    }
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof> {
    const metric = metrics[this.#event.event];
    const each = this.#instances.map(
      (instance) => `${instance} counts ${this.#counts.get(instance) ?? 0} ${metric}`,
    );
    return { effective: this.#hasHappened, evidence: `${this.#event.event}: ${each.join(", ")}` };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  get #hasHappened(): boolean {
    return this.#instances.length > 0 && this.#instances.every((name) => (this.#counts.get(name) ?? 0) > 0);
  }

  /** 0 while it does not answer, too. */
  async #countOf(instance: string): Promise<number> {
    const { stack } = this.#world;
    const { running, startedAtMs, finishedAtMs } = await stack.state(instance);
    // A container that has never ended did so, for the engine, in the year 1.
    const wasRestarted = finishedAtMs > 0 && startedAtMs > finishedAtMs;
    if (!running || (this.#event.event === "logged-after-restart" && !wasRestarted)) return 0;
    return sumOf((await findMetrics(stack, instance)) ?? [], metrics[this.#event.event]);
  }
}
