import { z } from "zod";
import { boundsSchema } from "../pipeline/bounds.ts";
import { claimId, scenarioName } from "../plan/former-scenarios.ts";
import { verdicts } from "../plan/verdict.ts";
import { historyEntrySchema } from "../store/history-entry.ts";

const itemSchema = z.object({
  /** The claim's id. */
  claim: claimId,
  /** 0 for the first run of the row, 1 for the second … */
  repeat: z.int().min(0),
});

/** `reports/NIGHT_ID/night.json`: what a night has to run and its results so far, which is enough to resume it after an abort. */
export const nightDocumentSchema = z.object({
  schema: z.literal("everyline/night@1"),
  nightId: z.string(),
  startedAt: z.iso.datetime(),
  /** Null for a night that is in progress or was aborted. */
  finishedAt: z.iso.datetime().nullable(),
  options: z.object({
    scenarios: z.array(scenarioName),
    pipelines: z.array(z.string()),
    layout: z.string().nullable(),
    repeat: z.int().min(1),
    budgetSeconds: z.number().positive().nullable(),
    /** The configuration of a custom pipeline. */
    config: z.string().nullable(),
    /** Whether alerts are observed on pipelines that something watches; earlier versions observed none. */
    alerts: z.boolean().default(false),
    /** How many runs go on at the same time; earlier versions carried out one after the other. */
    atOnce: z.int().min(1).default(1),
  }),
  /** How long it has run, without interruptions. */
  elapsedSeconds: z.number().min(0),
  /** The rows of the guarantees table that belong to it, in the table's order. */
  rows: z.array(
    z.object({
      claim: claimId,
      pipeline: z.string(),
      scenario: scenarioName,
      text: z.string(),
      bounds: boundsSchema,
      /** The known result of this version's runs, and whether it is a race, which does not show in every run. */
      known: z.object({ verdict: z.enum(verdicts), isRace: z.boolean() }),
    }),
  ),
  /** Rows that were asked for and that their pipeline, in its layout, cannot run: why, as the end of a sentence. */
  notPossible: z
    .array(
      z.object({
        claim: claimId,
        pipeline: z.string(),
        layout: z.string(),
        scenario: scenarioName,
        text: z.string(),
        reason: z.string(),
      }),
    )
    // Earlier versions left these rows out without a word.
    .default([]),
  /** The runs to carry out, in their order. */
  queue: z.array(itemSchema),
  /** The finished runs, in their order. */
  done: z.array(itemSchema.extend({ entry: historyEntrySchema })),
  /** The runs that did not fit the budget. */
  leftOut: z.array(itemSchema),
});

export type NightDocument = z.infer<typeof nightDocumentSchema>;
export type NightRow = NightDocument["rows"][number];
export type RowNotPossible = NightDocument["notPossible"][number];
export type NightItem = z.infer<typeof itemSchema>;
