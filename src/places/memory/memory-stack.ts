import { createHash } from "node:crypto";
import { join } from "node:path";
import type { PartImage, Pipeline } from "../../pipeline/pipeline.ts";
import type { Instance } from "../instance.ts";
import type { Stack } from "../place.ts";
import type { StackChange } from "../stack-change.ts";
import type { ResolvedImage, StackImage } from "../stack-image.ts";
import { LineShipper, type LineShipperOptions } from "./line-shipper.ts";
import { LineStore, type LineStoreOptions, type StoredLine } from "./line-store.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { MemoryInstance } from "./memory-instance.ts";
import { MemoryLinks } from "./memory-links.ts";
import { memoryNetwork, shipperService, storeService } from "./memory-pipeline.ts";

/** How the parts of a memory stack behave. */
export interface MemoryStackOptions {
  /** The number of stores. A line goes to any store that answers. */
  stores: number;
  store: LineStoreOptions;
  shipper: Omit<LineShipperOptions, "folder" | "deliver">;
}

/** A shipper that reads files, and the stores to which it delivers, inside this process. */
export class MemoryStack implements Stack {
  readonly pipeline: Pipeline;
  readonly services = [shipperService, storeService];
  readonly images: StackImage[];
  readonly notes = [];
  readonly links: MemoryLinks;
  readonly #instances: MemoryInstance[];
  readonly #stores: LineStore[];

  /** @param disksFolder where each instance has a folder for its disk */
  constructor(
    pipeline: Pipeline,
    { logsFolder, disksFolder }: { logsFolder: string; disksFolder: string },
    { stores, store, shipper }: MemoryStackOptions,
  ) {
    this.pipeline = pipeline;
    const images = this.services.map((service) => ({ service, ...imageOf(`memory/${service}:1`) }));
    this.images = images;
    const diskOf = (name: string) => new MemoryDisk(join(disksFolder, name));
    const names = Array.from({ length: stores }, (_, index) =>
      stores === 1 ? storeService : `${storeService}-${index + 1}`,
    );
    const { kind } = pipeline.sink;
    this.#stores = names.map((name) => {
      const file = kind === "file" ? diskOf(name).locate(pipeline.selector) : undefined;
      return new LineStore(store, file);
    });
    this.links = new MemoryLinks(pipeline, (services) => this.instances(services));
    const storeInstances = this.#stores.map((program, index) => {
      const name = names[index]!;
      return new MemoryInstance(name, storeService, {
        program,
        image: images[1]!,
        images,
        disk: diskOf(name),
      });
    });
    const deliver: LineShipperOptions["deliver"] = (source, lines) => {
      const index = storeInstances.findIndex(({ serves }) => serves);
      if (index === -1 || !this.links.carries(memoryNetwork)) return false;
      const store = this.#stores[index]!;
      if (store.isBusy) return false;
      store.push(source, lines);
      return true;
    };
    const program = new LineShipper({ ...shipper, folder: logsFolder, deliver });
    const shippers = new MemoryInstance(shipperService, shipperService, {
      program,
      image: images[0]!,
      images,
      disk: diskOf(shipperService),
    });
    this.#instances = [shippers, ...storeInstances];
  }

  /** The lines of all stores that answer; undefined if none answers. */
  get readable(): StoredLine[] | undefined {
    const serving = this.#stores.filter((_, index) => this.instances([storeService])[index]!.serves);
    return serving.length === 0 ? undefined : serving.flatMap(({ lines }) => lines);
  }

  /** How many lines the stores have accepted since they were started. */
  get received(): number {
    return this.#stores.reduce((sum, { received }) => sum + received, 0);
  }

  flush(): void {
    for (const store of this.#stores) store.flush();
  }

  instances(services: readonly string[] = this.services): MemoryInstance[] {
    return this.#instances.filter(({ service }) => services.includes(service));
  }

  instance(name: string): MemoryInstance {
    const instance = this.#instances.find((candidate) => candidate.name === name);
    if (instance !== undefined) return instance;
    const names = this.#instances.map((candidate) => candidate.name).join(", ");
    throw new RangeError(`${name} is no instance of ${this.pipeline.name}; it has: ${names}`);
  }

  async resolveImage(image: string | PartImage): Promise<ResolvedImage> {
    const reference =
      typeof image === "string" ? image : (image.reference ?? `${image.name}:${image.version}`);
    return { ...imageOf(reference), sizeBytes: 0 };
  }

  async killAtOnce(instances: readonly Instance[]): Promise<void> {
    await Promise.all(instances.map((instance) => instance.end("kill")));
  }

  async changes(services: readonly string[]): Promise<StackChange[]> {
    const states = this.instances(services).map(async (instance) => ({
      instance: instance.name,
      isGone: (await instance.findState()) === undefined,
    }));
    const gone = (await Promise.all(states)).filter(({ isGone }) => isGone);
    return gone.map(({ instance }) => ({ code: "instance-gone", instance }));
  }

  async secrets(): Promise<string[]> {
    return [];
  }
}

function imageOf(reference: string): Omit<StackImage, "service"> {
  const id = `sha256:${createHash("sha256").update(reference).digest("hex")}`;
  return { reference, id, origin: "built", version: reference.split(":").at(-1)! };
}
