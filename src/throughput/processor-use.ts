import { readFile } from "node:fs/promises";
import { cpus } from "node:os";
import type { Instance } from "../places/instance.ts";
import type { Processors } from "./throughput-document.ts";

/** How long the engine may take to tell what an instance has used. */
const timeoutMs = 5_000;

/** What has been used of the processors until a moment. */
interface Sample {
  atMs: number;
  machine: { busyMs: number; allMs: number };
  harnessMs: number;
  /** How long something has waited for a disk; undefined if the kernel does not tell. */
  diskWaitMs: number | undefined;
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
    const allMs = Math.max(1, after.machine.allMs - before.machine.allMs);
    const instances = [...after.instances].flatMap(([name, { atMs, cpuSeconds }]) => {
      const first = before.instances.get(name);
      // An instance that was started again counts from 0.
      if (first === undefined || atMs <= first.atMs || cpuSeconds < first.cpuSeconds) return [];
      return [[name, ((cpuSeconds - first.cpuSeconds) * 1_000) / (atMs - first.atMs)] as const];
    });
    return {
      ofMachine: cpus().length,
      busy: Math.min(1, Math.max(0, (after.machine.busyMs - before.machine.busyMs) / allMs)),
      diskWait: shareOf(before.diskWaitMs, after.diskWaitMs, after.atMs - before.atMs),
      harness: (after.harnessMs - before.harnessMs) / Math.max(1, after.atMs - before.atMs),
      instances: Object.fromEntries(instances),
    };
  }
}

async function sampleOf(instances: readonly Pick<Instance, "name" | "usage">[]): Promise<Sample> {
  const { user, system } = process.cpuUsage();
  const harnessMs = (user + system) / 1_000;
  const machine = { busyMs: 0, allMs: 0 };
  for (const { times } of cpus()) {
    const ofProcessor = Object.values(times).reduce((sum, ms) => sum + ms, 0);
    machine.allMs += ofProcessor;
    machine.busyMs += ofProcessor - times.idle;
  }
  const diskWaitMs = await diskWait();
  const atMs = Date.now();
  const used = await Promise.all(instances.map(usedBy));
  return { atMs, machine, harnessMs, diskWaitMs, instances: new Map(used.flat()) };
}

function shareOf(beforeMs: number | undefined, afterMs: number | undefined, ofMs: number): number | null {
  if (beforeMs === undefined || afterMs === undefined) return null;
  return Math.min(1, Math.max(0, (afterMs - beforeMs) / Math.max(1, ofMs)));
}

/** By the pressure figures of Linux: `some avg10=… total=MICROSECONDS`. */
async function diskWait(): Promise<number | undefined> {
  const text = await readFile("/proc/pressure/io", "utf8").catch(() => "");
  const total = /^some .*total=(\d+)/m.exec(text)?.[1];
  return total === undefined ? undefined : Number(total) / 1_000;
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
