import type { LoadWriter } from "../load/load-writer.ts";
import type { Stack } from "../places/place.ts";
import type { PipelineKafka } from "../sinks/kafka/pipeline-kafka.ts";
import type { KafkaOutput } from "../sinks/kafka/read-kafka.ts";
import type { Sink } from "../sinks/sink.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";
import type { Watching } from "./watching.ts";

/** A run whose pipeline is up, with everything that its phases need. */
export interface LiveRun {
  setup: RunSetup;
  progress: RunProgress;
  writer: LoadWriter;
  stack: Stack;
  sink: Sink;
  /** Undefined if the pipeline has no Kafka. */
  kafka: PipelineKafka | undefined;
  watching: Watching;
  /** When the stack was up, in Unix milliseconds. A container that started later was restarted. */
  upAtMs: number;
}

/** Where a run stores what it reads from its Kafka. */
export function kafkaOutputOf({ outputs }: RunSetup): KafkaOutput {
  return { folder: outputs.folder, journal: outputs.journal };
}
