import { request } from "undici";
import { pause } from "../pause.ts";
import { servicesOf } from "../stack/pipeline.ts";
import type { Fault, FaultWorld, Proof } from "./fault.ts";

const probeMs = 200;
const requestTimeoutMs = 5_000;

/**
 * Waits until the load has filled the disk of a WAL that the pipeline made small: until each of Loki's writers counts that it could not
 * log something. Takes no time and needs no healing.
 */
export class FillWalDisk implements Fault {
  readonly #world: FaultWorld;
  readonly #services: string[];
  readonly #failures = new Map<string, number>();
  #atMs = 0;

  constructor(world: FaultWorld, target: string) {
    const { pipeline } = world.stack;
    this.#world = world;
    this.#services = servicesOf(pipeline, target).filter((name) => pipeline.loki.writers.includes(name));
  }

  async inject(): Promise<number> {
    const { writer, signal } = this.#world;
    while (!writer.hasEnded && !this.#isFull) {
      await pause(probeMs, signal);
      for (const service of this.#services) this.#failures.set(service, await this.#failuresOf(service));
    }
    this.#atMs = Date.now();
    return this.#atMs;
  }

  async prove(): Promise<Proof> {
    const each = this.#services.map((service) => {
      const failures = this.#failures.get(service) ?? 0;
      return `${service} counts ${failures} writes that its WAL's disk had no room for (loki_ingester_wal_disk_full_failures_total)`;
    });
    return { effective: this.#isFull, evidence: each.join(", ") };
  }

  async heal(): Promise<number> {
    return this.#atMs;
  }

  get #isFull(): boolean {
    return this.#services.length > 0 && this.#services.every((name) => (this.#failures.get(name) ?? 0) > 0);
  }

  async #failuresOf(service: string): Promise<number> {
    const url = await this.#world.stack.url(service);
    const { body } = await request(`${url}/metrics`, {
      signal: AbortSignal.timeout(requestTimeoutMs),
      reset: true,
    });
    const count = /^loki_ingester_wal_disk_full_failures_total (\S+)$/m.exec(await body.text())?.[1];
    return Number(count ?? 0);
  }
}
