import type { Stack } from "../places/place.ts";

/** What a run asks the sink of a pipeline with. */
export interface SinkOptions {
  stack: Stack;
  seed: string;
  signal: AbortSignal;
  /** What readings go through, given the sink's address; the address itself unless something is put between. */
  front?: ((url: string) => Promise<string>) | undefined;
}
