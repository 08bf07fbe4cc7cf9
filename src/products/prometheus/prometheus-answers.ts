import { z } from "zod";

const labels = z.record(z.string(), z.string());
/** RFC 3339 with up to nine decimals; the year 1 stands for never. */
const moment = z.string().transform((text) => Math.max(0, Date.parse(text)));

const activeAlertSchema = z.object({
  labels,
  state: z.enum(["pending", "firing"]),
  /** When its condition became true, in Unix milliseconds. */
  activeAt: moment,
});

const alertRuleSchema = z.object({
  name: z.string(),
  labels: labels.default({}),
  /** Its `for`, in seconds. */
  duration: z.number(),
  health: z.string(),
  lastError: z.string().default(""),
  /** In Unix milliseconds; 0 if it was never evaluated. */
  lastEvaluation: moment,
  alerts: z.array(activeAlertSchema).default([]),
});

/** `data` of the answer to `/api/v1/rules?type=alert`. */
export const rulesSchema = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      file: z.string(),
      /** In seconds. */
      interval: z.number(),
      lastEvaluation: moment,
      rules: z.array(alertRuleSchema),
    }),
  ),
});

/** `data` of the answer to a query for a range of values: each is a Unix time in seconds and a number as text. */
export const matrixSchema = z.object({
  resultType: z.literal("matrix"),
  result: z.array(z.object({ metric: labels, values: z.array(z.tuple([z.number(), z.string()])) })),
});

/** `data` of the answer to a query for one number: a Unix time in seconds, and the number as text. */
export const scalarSchema = z.object({
  resultType: z.literal("scalar"),
  result: z.tuple([z.number(), z.string()]),
});

/** `data` of the answer to a question for series: the labels of each. */
export const seriesSchema = z.array(labels);

/** `data` of the answer to a question for the build. */
export const buildInfoSchema = z.object({ version: z.string() });

/** `data` of the answer to a question for targets: each with the address that it reads, such as `http://loki:3100/metrics`. */
export const targetsSchema = z.object({
  activeTargets: z.array(z.object({ scrapeUrl: z.string(), health: z.string() })),
});

/** `data` of the answer to a question for the configuration. */
export const configSchema = z.object({ yaml: z.string() });

/** `data` of the answer to a request for a snapshot. */
export const snapshotSchema = z.object({ name: z.string().regex(/^[\w.-]+$/) });

export type Matrix = z.infer<typeof matrixSchema>;
export type RuleGroup = z.infer<typeof rulesSchema>["groups"][number];
export type AlertRule = RuleGroup["rules"][number];

/** A series of a query's answer. */
export interface SampledSeries {
  labels: Record<string, string>;
  samples: { atMs: number; value: number }[];
}
