import type { CatalogueEntry } from "./catalogue.ts";
import type { ImageOptions } from "./image-options.ts";
import type { LocalImage } from "./images.ts";

/** The images of a place that are in the catalogue. */
export interface ImageStore {
  /** Looks for an image without fetching anything. */
  find(entry: CatalogueEntry): Promise<LocalImage>;
  /**
   * Makes sure that an image exists: an existing one is used, otherwise it is pulled, otherwise built.
   *
   * @throws UnavailableError saying why it could be neither pulled nor built, and what to do
   */
  resolve(entry: CatalogueEntry, options: ImageOptions): Promise<void>;
  /** @throws UnavailableError saying why it cannot be pulled */
  pull(reference: string, options: ImageOptions): Promise<void>;
  /** @throws UnavailableError saying what is missing or how the build failed */
  build(entry: CatalogueEntry, options: ImageOptions): Promise<void>;
}
