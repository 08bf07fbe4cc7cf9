import { z } from "zod";
import { countsSchema } from "../judge/counts.ts";
import { claimId, partName, scenarioName } from "../plan/former-scenarios.ts";
import { verdicts } from "../plan/verdict.ts";

const seconds = z.number().min(0);

/** One line of `history.ndjson`: what later nights and tables need to know of a run, a kilobyte instead of its folder. */
export const historyEntrySchema = z.object({
  schema: z.literal("everyline/history@1"),
  /** The night it belongs to. */
  night: z.string().nullable(),
  runId: z.string(),
  /** When it ended. */
  at: z.iso.datetime(),
  /** The claim's id, `PIPELINE/SCENARIO`. */
  claim: claimId,
  pipeline: z.string(),
  scenario: scenarioName,
  layout: z.string(),
  verdict: z.enum(verdicts),
  /** The first reason for a verdict that is not `holds`. */
  reason: z.string().nullable(),
  /** Null for a run that failed before it came to a verdict; it counts as `unknown`. */
  counts: countsSchema.nullable(),
  /** How many lines were lost at which hop. */
  lostAt: z.record(partName, z.int()),
  /** Surplus copies in Kafka; null where there is no Kafka or it was not read. */
  duplicatedInKafka: z.int().nullable(),
  /** The recovery point of a lost site, and whether it is an upper bound only. */
  recoveryPoint: z.object({ seconds, isUpperBound: z.boolean() }).nullable(),
  /** From the end of the last fault until the last line written under one could be read. */
  recoverySeconds: seconds.nullable(),
  /** The time of the run without its load: start, proof, settling, reading, removal. */
  overheadSeconds: seconds,
  totalSeconds: seconds,
  latencyMs: z.object({ p50: seconds, p99: seconds, max: seconds }).nullable(),
  /** Each image by its repository's name and version, as `promtail 3.6.4`, in order. */
  images: z.array(z.string()),
  /** The machine, in a few words. */
  machine: z.string(),
});

/** One line of `history.ndjson`: a night that came to its end. */
export const nightEndSchema = z.object({
  schema: z.literal("everyline/night-end@1"),
  night: z.string(),
  at: z.iso.datetime(),
  /** Whether every row that was run has its known result. */
  isGreen: z.boolean(),
});

export type NightEnd = z.infer<typeof nightEndSchema>;

export type HistoryEntry = z.infer<typeof historyEntrySchema>;
