import { z } from "zod";
import { scenarioName } from "../plan/former-scenarios.ts";
import { historyEntrySchema } from "../report/history-entry.ts";

/** What a version said of a pipeline's configuration. */
const configCheckSchema = z.object({
  pipeline: z.string(),
  service: z.string(),
  version: z.string(),
  /** `unchecked`: the part has no way to check a configuration without starting (no messages then), or could not be had to do so. */
  outcome: z.enum(["accepted", "refused", "unchecked"]),
  /** The errors and warnings that it wrote, in its own words. */
  messages: z.array(z.string()),
});

/** Something of a pipeline that the new version still takes and a later one will not. */
const deprecationSchema = z.object({
  pipeline: z.string(),
  service: z.string(),
  what: z.string(),
  /** Who says so. */
  source: z.string(),
});

/** `reports/UPGRADE_ID/upgrade.json`: what became of a pipeline's promises on two versions of a part, and between them. */
export const upgradeDocumentSchema = z.object({
  schema: z.literal("everyline/upgrade@1"),
  upgradeId: z.string(),
  startedAt: z.iso.datetime(),
  /** Null for one that was aborted. */
  finishedAt: z.iso.datetime().nullable(),
  /** The name of the image, and its versions or references. */
  name: z.string(),
  from: z.string(),
  to: z.string(),
  options: z.object({
    pipelines: z.array(z.string()),
    scenarios: z.array(scenarioName),
    swapOnly: z.boolean(),
    repeat: z.int().min(1),
    layout: z.string().nullable(),
  }),
  configChecks: z.array(configCheckSchema),
  deprecations: z.array(deprecationSchema),
  /** Rows of the guarantees table, on either version. */
  rows: z.array(z.object({ side: z.enum(["from", "to"]), isRace: z.boolean(), entry: historyEntrySchema })),
  /** The upgrade as a fault: from the old version to the new and back, while lines flow. */
  swaps: z.array(
    z.object({
      entry: historyEntrySchema,
      evidence: z.array(z.string()),
      /** Which version ended by itself in the place of the other, on the way there or back. */
      refusals: z.array(z.string()).default([]),
    }),
  ),
});

export type UpgradeDocument = z.infer<typeof upgradeDocumentSchema>;
export type ConfigCheck = z.infer<typeof configCheckSchema>;
export type Deprecation = z.infer<typeof deprecationSchema>;
