import type Docker from "dockerode";
import type { CatalogueEntry } from "../images/catalogue.ts";
import type { ImageOptions } from "../images/image-options.ts";
import type { ImageStore } from "../images/image-store.ts";
import { buildEntry, findLocalImage, type LocalImage, resolveEntry } from "../images/images.ts";
import { pullImage } from "../images/pull-image.ts";

/** The image store of a container engine. */
export class EngineImages implements ImageStore {
  readonly #docker: Docker;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  async find(entry: CatalogueEntry): Promise<LocalImage> {
    return findLocalImage(this.#docker, entry);
  }

  async resolve(entry: CatalogueEntry, options: ImageOptions): Promise<void> {
    await resolveEntry(this.#docker, entry, options);
  }

  async pull(reference: string, options: ImageOptions): Promise<void> {
    await pullImage(this.#docker, reference, options);
  }

  async build(entry: CatalogueEntry, options: ImageOptions): Promise<void> {
    await buildEntry(this.#docker, entry, options);
  }
}
