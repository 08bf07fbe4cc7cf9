import { z } from "zod";
import { countsSchema } from "../check/counts.ts";
import { boundsSchema } from "../guarantees/claim.ts";
import { verdicts } from "../guarantees/verdict.ts";

const seconds = z.number().min(0);

/** `reports/RUN_ID/run.json`: a run as every report format sees it. */
export const runDocumentSchema = z.object({
  schema: z.literal("everyline/run@1"),
  runId: z.string(),
  /** `NAME`, or `NAME/CASE`. */
  scenario: z.string(),
  pipeline: z.string(),
  seed: z.string(),
  verdict: z.enum(verdicts),
  /** What led to the verdict, a sentence each; none for `holds`. */
  reasons: z.array(z.string()),
  claim: z.object({ id: z.string(), text: z.string(), bounds: boundsSchema }),
  counts: countsSchema,
  /** Every lost line; `hop` is the last part of the pipeline known to have had it, or `unknown`. */
  lost: z.array(z.object({ source: z.string(), from: z.int(), to: z.int(), hop: z.string() })),
  timings: z.object({
    upSeconds: seconds,
    loadSeconds: seconds,
    /** How long any fault held, overlaps counted once. */
    outageSeconds: seconds,
    /** From the end of the last fault until the last of the lines written under a fault could be read; null if none could. */
    recoverySeconds: seconds.nullable(),
    readSeconds: seconds,
    totalSeconds: seconds,
  }),
  /** From the return of a line's write until it could be read; null if no line could. */
  latencyMs: z.object({ p50: seconds, p99: seconds, max: seconds }).nullable(),
  faults: z.array(
    z.object({
      kind: z.string(),
      target: z.string(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      effective: z.boolean(),
      evidence: z.string(),
    }),
  ),
  images: z.array(
    z.object({
      service: z.string(),
      reference: z.string(),
      id: z.string(),
      origin: z.enum(["pulled", "built"]),
      version: z.string(),
    }),
  ),
  environment: z.object({
    engine: z.string(),
    api: z.string(),
    kernel: z.string(),
    cpus: z.int(),
    memoryBytes: z.int(),
    node: z.string(),
  }),
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
export type FaultRecord = RunDocument["faults"][number];
