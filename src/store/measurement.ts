import { z } from "zod";
import { verdicts } from "../plan/verdict.ts";

/** What can be measured of a pipeline in addition to the rows of its guarantees table, in the order of tables. */
export const quantities = [
  "throughput",
  "gateway",
  "latency",
  "overload",
  "outage",
  "backlog",
  "reliability",
  "soak",
  "lines-a-day",
  "bytes-a-day",
] as const;

export type Quantity = (typeof quantities)[number];

/** One line of `history.ndjson`: what a capacity or a time of a pipeline was measured to be, beside what is claimed of it. */
export const measurementSchema = z.object({
  schema: z.literal("everyline/measurement@1"),
  /** The folder of its reports, `reports/ID/`. */
  id: z.string(),
  /** When it ended. */
  at: z.iso.datetime(),
  pipeline: z.string(),
  quantity: z.enum(quantities),
  /** What is claimed, in a few words; null if nothing is. */
  claimed: z.string().nullable(),
  verdict: z.enum(verdicts),
  /** What was measured, in a few words. */
  measured: z.string(),
  /** Each image by its repository's name and version, as `promtail 3.6.4`, in order. */
  images: z.array(z.string()),
  /** The machine, in a few words. */
  machine: z.string(),
});

export type Measurement = z.infer<typeof measurementSchema>;
