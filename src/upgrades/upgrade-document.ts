import { z } from "zod";
import { scenarioName } from "../plan/former-scenarios.ts";
import { historyEntrySchema } from "../store/history-entry.ts";

/** What a version said about a pipeline's configuration. */
const configCheckSchema = z.object({
  pipeline: z.string(),
  service: z.string(),
  version: z.string(),
  /** `unchecked`: the part cannot check a configuration without starting (then there are no messages), or the check could not be run. */
  outcome: z.enum(["accepted", "refused", "unchecked"]),
  /** The errors and warnings that it wrote, in its own words. */
  messages: z.array(z.string()),
});

/** A feature in use that the new version still accepts and a later one will not. */
const deprecationSchema = z.object({
  pipeline: z.string(),
  service: z.string(),
  what: z.string(),
  /** The source of this information. */
  source: z.string(),
});

/** `reports/UPGRADE_ID/upgrade.json`: the results of a pipeline's promises on two versions of a part, and during the upgrade. */
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
  /** The upgrade as a fault: from the old version to the new and back, while lines are written. */
  swaps: z.array(
    z.object({
      entry: historyEntrySchema,
      evidence: z.array(z.string()),
      /** Which version exited by itself on the other's data, during the upgrade or the downgrade. */
      refusals: z.array(z.string()).default([]),
    }),
  ),
});

export type UpgradeDocument = z.infer<typeof upgradeDocumentSchema>;
export type ConfigCheck = z.infer<typeof configCheckSchema>;
export type Deprecation = z.infer<typeof deprecationSchema>;
