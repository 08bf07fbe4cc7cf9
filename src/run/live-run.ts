import type { LoadWriter } from "../load/load-writer.ts";
import type { Stack } from "../places/place.ts";
import type { PipelineKafka } from "../sinks/kafka/pipeline-kafka.ts";
import type { KafkaOutput } from "../sinks/kafka/read-kafka.ts";
import type { Sink } from "../sinks/sink.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";
import type { Watching } from "./watching.ts";

/** A run whose pipeline is up: everything that its phases use. */
export interface LiveRun {
  setup: RunSetup;
  progress: RunProgress;
  writer: LoadWriter;
  stack: Stack;
  sink: Sink;
  /** Undefined where the pipeline has no Kafka. */
  kafka: PipelineKafka | undefined;
  watching: Watching;
  /** When the stack was up, in Unix milliseconds: a container that started later was started anew. */
  upAtMs: number;
}

/** Where a run keeps what it reads of its Kafka. */
export function kafkaOutputOf({ request, outputs }: RunSetup): KafkaOutput {
  return { runId: request.runId, folder: outputs.folder, journal: outputs.journal };
}
