import type { Stack } from "../places/place.ts";
import type { ShipperPatience } from "../products/shipper-patience.ts";
import type { PipelineKafka } from "../sinks/kafka/pipeline-kafka.ts";
import type { Journal } from "../store/journal.ts";
import type { RunFolder } from "../store/run-folder.ts";
import type { TrialFiles } from "./trial-load.ts";

/** A pipeline that is up and works, and what trials on it need. */
export interface TrialStack extends TrialFiles {
  stack: Stack;
  /** Undefined if the pipeline has no Kafka. */
  kafka: PipelineKafka | undefined;
  /** How long the shipper may be silent between retries; undefined if that is not known. */
  patience: ShipperPatience | undefined;
  /** How long after the last write a line may arrive, in seconds. */
  lagBoundSeconds: number;
  /** How long lines that are still on their way are waited for, in seconds. */
  drainSeconds: number;
  runFolder: RunFolder;
  journal: Journal;
  signal: AbortSignal;
  /** When the stack was up, in Unix milliseconds. */
  upAtMs: number;
}
