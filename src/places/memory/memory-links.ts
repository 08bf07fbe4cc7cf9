import { endsOf, type LinkName, linkOf, type Pipeline, servicesOf } from "../../pipeline/pipeline.ts";
import type { LinkState, Links } from "../place.ts";
import type { MemoryInstance } from "./memory-instance.ts";

/** The links of a memory stack. Programs ask whether a link is cut before they deliver over it. */
export class MemoryLinks implements Links {
  readonly #pipeline: Pipeline;
  readonly #instances: (services: readonly string[]) => MemoryInstance[];
  /** The networks of the links that are cut. */
  readonly #cut = new Set<string>();

  constructor(pipeline: Pipeline, instances: (services: readonly string[]) => MemoryInstance[]) {
    this.#pipeline = pipeline;
    this.#instances = instances;
  }

  carries(network: string): boolean {
    return !this.#cut.has(network);
  }

  async cut(link: LinkName): Promise<number> {
    this.#cut.add(linkOf(this.#pipeline, link).network);
    return Date.now();
  }

  async heal(link: LinkName): Promise<number> {
    this.#cut.delete(linkOf(this.#pipeline, link).network);
    return Date.now();
  }

  async state(link: LinkName): Promise<LinkState> {
    const { network, disconnect } = linkOf(this.#pipeline, link);
    const ends = endsOf(link).flatMap((part) => this.#instances(servicesOf(this.#pipeline, part)));
    const endsRun = ends.every(({ runs }) => runs);
    const isTaken = this.#cut.has(network);
    return {
      isCut: isTaken && endsRun,
      network,
      taken: isTaken ? this.#instances(disconnect).map(({ name }) => name) : [],
      shared: isTaken ? [] : [network],
      endsRun,
    };
  }
}
