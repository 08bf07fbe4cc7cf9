import { mkdir } from "node:fs/promises";
import { arch, availableParallelism, release, totalmem } from "node:os";
import { join } from "node:path";
import type { Pipeline } from "../../pipeline/pipeline.ts";
import type { Place, PlaceDescription, Removed, StartOptions } from "../place.ts";
import { MemoryStack, type MemoryStackOptions } from "./memory-stack.ts";

const defaults: MemoryStackOptions = {
  stores: 1,
  store: { isDurable: true, losesEvery: 0 },
  shipper: { retries: 0, firstRetryMs: 5, longestRetryMs: 20, savesAcknowledged: true },
};

/** Differences from the default behaviour. */
export interface MemoryPlaceOptions {
  stores?: number;
  store?: Partial<MemoryStackOptions["store"]>;
  shipper?: Partial<MemoryStackOptions["shipper"]>;
}

/**
 * Runs a tiny pipeline inside this process, in milliseconds, for tests of the code that uses a place. It fulfils the same contract as other
 * places, but proves nothing about a container engine or a real sink. It does not start helpers or separate programs, and does not measure
 * resource usage.
 */
export class MemoryPlace implements Place {
  readonly #options: MemoryStackOptions;
  readonly #stacks = new Map<string, MemoryStack>();

  constructor({ stores = defaults.stores, store, shipper }: MemoryPlaceOptions = {}) {
    this.#options = {
      stores,
      store: { ...defaults.store, ...store },
      shipper: { ...defaults.shipper, ...shipper },
    };
  }

  async describe(): Promise<PlaceDescription> {
    return {
      engine: `this process, Node ${process.version}`,
      api: arch(),
      kernel: release(),
      cpus: availableParallelism(),
      memoryBytes: totalmem(),
    };
  }

  async prepare(_pipeline: Pipeline, folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
  }

  async start(pipeline: Pipeline, { runId, folder, logsFolder, signal }: StartOptions): Promise<MemoryStack> {
    signal.throwIfAborted();
    const folders = { logsFolder, disksFolder: join(folder, "disks") };
    const stack = new MemoryStack(pipeline, folders, this.#options);
    this.#stacks.set(runId, stack);
    return stack;
  }

  async leftovers(): Promise<string[]> {
    return [...this.#stacks.keys()];
  }

  async remove(runId: string): Promise<Removed> {
    const instances = this.#stacks.get(runId)?.instances() ?? [];
    await Promise.all(instances.map((instance) => instance.remove()));
    this.#stacks.delete(runId);
    return { instances: instances.length };
  }

  /** Nothing to do: everything that a killed process had started ended with it. */
  async removeAbandoned(runId: string): Promise<Removed> {
    return this.remove(runId);
  }
}
