/** An image that a place has. */
export interface ResolvedImage {
  reference: string;
  /** `sha256:…`. */
  id: string;
  origin: "pulled" | "built";
  version: string;
  sizeBytes: number;
}

/** An image as a report names it. */
export interface StackImage extends Omit<ResolvedImage, "sizeBytes"> {
  service: string;
}
