import type { LineShape } from "../load/line.ts";
import type { Stack } from "../places/place.ts";

/** What creating a sink needs. */
export interface SinkOptions {
  stack: Stack;
  seed: string;
  /** The template of the lines; absent if they are Everyline's own JSON. */
  line?: LineShape | undefined;
  signal: AbortSignal;
  /** Puts something between the readings and the sink: receives the sink's address and returns the address to query instead. */
  front?: ((url: string) => Promise<string>) | undefined;
}
