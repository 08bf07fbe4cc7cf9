/** An image that a place has. */
export interface ResolvedImage {
  reference: string;
  /** `sha256:…`. */
  id: string;
  origin: "pulled" | "built";
  version: string;
  sizeBytes: number;
}

/** The name of an image in a report. */
export interface StackImage extends Omit<ResolvedImage, "sizeBytes"> {
  service: string;
}
