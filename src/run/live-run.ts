import type { LoadWriter } from "../load/load-writer.ts";
import type { Stack } from "../places/place.ts";
import type { LokiSide } from "../sinks/loki/loki-side.ts";
import type { KafkaSide } from "./kafka-side.ts";
import type { RunProgress } from "./run-progress.ts";
import type { RunSetup } from "./run-setup.ts";
import type { Watching } from "./watching.ts";

/** A run whose pipeline is up: everything that its phases use. */
export interface LiveRun {
  setup: RunSetup;
  progress: RunProgress;
  writer: LoadWriter;
  stack: Stack;
  loki: LokiSide;
  /** Undefined where the pipeline has no Kafka. */
  kafka: KafkaSide | undefined;
  watching: Watching;
  /** When the stack was up, in Unix milliseconds: a container that started later was started anew. */
  upAtMs: number;
}
