import { auditKafkaSpeed } from "./audit-kafka.ts";
import type { Benchmark } from "./benchmark.ts";
import { generateSpeed } from "./generate.ts";
import { overheadOfRuns } from "./overhead.ts";
import { readLokiSpeed } from "./read-loki.ts";
import { verifySpeed } from "./verify.ts";

/** Every benchmark, in the order in which they are run. */
export const benchmarks: readonly Benchmark[] = [
  verifySpeed,
  generateSpeed,
  readLokiSpeed,
  auditKafkaSpeed,
  overheadOfRuns,
];
