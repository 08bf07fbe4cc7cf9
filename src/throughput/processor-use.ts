import { cpus } from "node:os";
import { type MachineSample, machineSample, machineUse } from "../base/machine-use.ts";
import type { Instance } from "../places/instance.ts";
import type { Processors } from "./throughput-document.ts";

/** How long the engine may take to tell what an instance has used. */
const timeoutMs = 5_000;

/** What has been used of the processors until a moment. */
interface Sample {
  atMs: number;
  machine: MachineSample;
  harnessMs: number;
  /** In seconds, by the name of the instance; those that do not tell are left out. */
  instances: Map<string, { atMs: number; cpuSeconds: number }>;
}

/** Measures how many processors are used between its start and its end. */
export class ProcessorUse {
  readonly #instances: readonly Pick<Instance, "name" | "usage">[];
  readonly #before: Sample;

  private constructor(instances: readonly Pick<Instance, "name" | "usage">[], before: Sample) {
    this.#instances = instances;
    this.#before = before;
  }

  static async start(instances: readonly Pick<Instance, "name" | "usage">[]): Promise<ProcessorUse> {
    return new ProcessorUse(instances, await sampleOf(instances));
  }

  /** What was used since the start. */
  async end(): Promise<Processors> {
    const before = this.#before;
    const after = await sampleOf(this.#instances);
    const instances = [...after.instances].flatMap(([name, { atMs, cpuSeconds }]) => {
      const first = before.instances.get(name);
      // An instance that was started again counts from 0.
      if (first === undefined || atMs <= first.atMs || cpuSeconds < first.cpuSeconds) return [];
      return [[name, ((cpuSeconds - first.cpuSeconds) * 1_000) / (atMs - first.atMs)] as const];
    });
    return {
      ofMachine: cpus().length,
      ...machineUse(before.machine, after.machine),
      harness: (after.harnessMs - before.harnessMs) / Math.max(1, after.atMs - before.atMs),
      instances: Object.fromEntries(instances),
    };
  }
}

async function sampleOf(instances: readonly Pick<Instance, "name" | "usage">[]): Promise<Sample> {
  const { user, system } = process.cpuUsage();
  const harnessMs = (user + system) / 1_000;
  const machine = await machineSample();
  const atMs = Date.now();
  const used = await Promise.all(instances.map(usedBy));
  return { atMs, machine, harnessMs, instances: new Map(used.flat()) };
}

async function usedBy(
  instance: Pick<Instance, "name" | "usage">,
): Promise<[name: string, { atMs: number; cpuSeconds: number }][]> {
  const timeout = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => timeout.resolve(undefined), timeoutMs);
  try {
    const usage = await Promise.race([instance.usage?.(), timeout.promise]);
    return usage === undefined ? [] : [[instance.name, { atMs: usage.atMs, cpuSeconds: usage.cpuSeconds }]];
  } catch {
    // No verdict depends on it; what could not be measured is left out.
    return [];
  } finally {
    clearTimeout(timer);
  }
}
