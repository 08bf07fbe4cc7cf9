import type { SinkKind } from "../pipeline/sink-kind.ts";
import type { Stack } from "../places/place.ts";
import { LokiSink } from "./loki/loki-sink.ts";
import { MemorySink } from "./memory/memory-sink.ts";
import type { Sink } from "./sink.ts";
import { VictoriaLogsSink } from "./victorialogs/victorialogs-sink.ts";

/** What a run asks the sink of a pipeline with. */
export interface SinkOptions {
  stack: Stack;
  seed: string;
  signal: AbortSignal;
  /** What readings go through, given the sink's address; the address itself unless something is put between. */
  front?: ((url: string) => Promise<string>) | undefined;
}

const sinks: Record<SinkKind, new (options: SinkOptions) => Sink> = {
  loki: LokiSink,
  victorialogs: VictoriaLogsSink,
  memory: MemorySink,
};

/** The sink that a pipeline's description names. */
export function createSink(options: SinkOptions): Sink {
  return new sinks[options.stack.pipeline.sink.kind](options);
}
