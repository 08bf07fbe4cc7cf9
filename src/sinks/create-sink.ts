import type { SinkKind } from "../pipeline/sink-kind.ts";
import { FileSink } from "./file/file-sink.ts";
import { LokiSink } from "./loki/loki-sink.ts";
import { MemorySink } from "./memory/memory-sink.ts";
import type { Sink } from "./sink.ts";
import type { SinkOptions } from "./sink-options.ts";
import { VictoriaLogsSink } from "./victorialogs/victorialogs-sink.ts";

const sinks: Record<SinkKind, new (options: SinkOptions) => Sink> = {
  loki: LokiSink,
  victorialogs: VictoriaLogsSink,
  file: FileSink,
  memory: MemorySink,
};

/** Creates the sink of the kind that the pipeline names. */
export function createSink(options: SinkOptions): Sink {
  return new sinks[options.stack.pipeline.sink.kind](options);
}
