import { z } from "zod";
import { machineSchema } from "../judge/run-surroundings.ts";
import { verdicts } from "../plan/verdict.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1);

/** One run that was drawn, and what became of its lines. */
const reliabilityRunSchema = z.object({
  runId: z.string(),
  scenario: z.string(),
  /** The seed of its lines. */
  seed: z.string(),
  fault: z.string(),
  /** When its fault began and healed, as shares of the lines; `until` is null for a fault that ends by itself. */
  at: share,
  until: share.nullable(),
  /** Of the run, by the claim of its own scenario; `unknown` also if the run failed. */
  verdict: z.enum(verdicts),
  /** Null if the run failed before it was read. */
  lines: z.object({ written: count, delivered: count }).nullable(),
  /** Whether it is certain that these are all lines that were delivered, with a fault that took effect. */
  isCertain: z.boolean(),
});

export type ReliabilityRun = z.infer<typeof reliabilityRunSchema>;

/** A share, and the bounds that hold with the confidence of the document, each on its own. */
const boundedSchema = z.object({ seen: share.nullable(), low: share, high: share });

/** What the runs show together. */
const figuresSchema = z.object({
  /** Of the runs that are certain. */
  lines: z.object({ written: count, delivered: count }),
  runs: z.object({ certain: count, uncertain: count, withLoss: count }),
  /** The share of a run's lines that is delivered, on average over runs. */
  deliveredOfARun: boundedSchema,
  /** The share of runs that lose no line. */
  runsWithoutLoss: boundedSchema,
  /** What would be needed to support the claim; null if nothing is claimed. */
  needed: z
    .object({
      /** Runs, none of which loses a line. */
      runs: count,
      /** Lines, none of which is lost, if each were lost independently of the others: the rule of three. */
      independentLines: count,
    })
    .nullable(),
});

export type ReliabilityFigures = z.infer<typeof figuresSchema>;

/** Why the verdict is what it is. */
const whySchema = z.enum([
  /** The lower bound is at or above the claim. */
  "supported",
  /** The upper bound is below the claim. */
  "refuted",
  /** The claim is between the bounds. */
  "between-bounds",
  /** Nothing is claimed of this pipeline's reliability. */
  "no-claim",
  /** No run was carried out. */
  "no-run",
]);

export type ReliabilityWhy = z.infer<typeof whySchema>;

/** `reports/RELIABILITY_ID/reliability.json`: what share of the lines a pipeline delivers in runs with a fault that was drawn. */
export const reliabilityDocumentSchema = z.object({
  schema: z.literal("everyline/reliability@1"),
  reliabilityId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  pipeline: z.string(),
  layout: z.string(),
  seed: z.string(),
  /** How many runs were wanted. */
  wantedRuns: z.int().min(1),
  /** Of what the runs were drawn. */
  scenarios: z.array(z.string()),
  claim: z.object({ share, text: z.string(), source: z.string() }).nullable(),
  /** Of each bound, such as 0.95. */
  confidence: share,
  /** Of the first run that came to an end; null, and no image, if none did. */
  machine: machineSchema.nullable(),
  images: z.array(z.string()),
  runs: z.array(reliabilityRunSchema),
  figures: figuresSchema,
  verdict: z.enum(verdicts),
  why: whySchema,
});

export type ReliabilityDocument = z.infer<typeof reliabilityDocumentSchema>;
