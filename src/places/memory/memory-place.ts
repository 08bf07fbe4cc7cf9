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

/** What of the default behaviour is to be otherwise. */
export interface MemoryPlaceOptions {
  stores?: number;
  store?: Partial<MemoryStackOptions["store"]>;
  shipper?: Partial<MemoryStackOptions["shipper"]>;
}

/**
 * Runs a tiny pipeline in this process, in milliseconds: for tests of whatever drives a place. It obeys the same contract as other places,
 * and shows nothing about a container engine or a real sink.
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

  /** A process that was killed has taken what it started with it. */
  async removeAbandoned(runId: string): Promise<Removed> {
    return this.remove(runId);
  }
}
