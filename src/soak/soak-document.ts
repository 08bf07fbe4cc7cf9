import { z } from "zod";
import { countsSchema } from "../judge/counts.ts";
import { environmentSchema, imagesSchema } from "../judge/run-surroundings.ts";
import { verdicts } from "../plan/verdict.ts";

const count = z.int().min(0);
const perHour = z.number();

/** What is watched for drift. */
const quantities = ["memory", "descriptors", "disk", "lag", "latency"] as const;

/** What the trend of a quantity says. */
const findingSchema = z.enum([
  /** The whole interval is below the bound. */
  "no-drift",
  /** The whole interval is above the bound, and lines that are held or stored do not explain it. */
  "leak",
  /** The same of lag or latency, on a machine that was not at its end. */
  "falls-behind",
  /** The same, but the machine was at its end. */
  "machine-at-its-end",
  /** It grows faster than the bound, but an instance may hold lines in memory for longer than was measured. */
  "may-hold-lines",
  /** The bound is within the interval. */
  "too-wide",
  /** There are too few samples for an interval. */
  "too-few",
  /** The place could not measure it. */
  "not-measured",
]);

export type Finding = z.infer<typeof findingSchema>;

/** The trend of one quantity, in bytes, descriptors or seconds per hour. */
const driftSchema = z.object({
  quantity: z.enum(quantities),
  /** Null for what is of the pipeline as a whole. */
  instance: z.string().nullable(),
  samples: count,
  /** The mean; null if it was not measured. */
  level: z.number().nullable(),
  slopePerHour: perHour.nullable(),
  lowPerHour: perHour.nullable(),
  highPerHour: perHour.nullable(),
  /** From which growth on it counts as drift; null if there is no level to compare with. */
  boundPerHour: perHour.nullable(),
  /** Of disk space: the growth for each line that was written, in bytes. */
  bytesPerLine: z.number().nullable(),
  finding: findingSchema,
  verdict: z.enum(verdicts),
  /** About how many hours would decide; null if it is decided, or that is not known. */
  neededHours: z.number().positive().nullable(),
});

export type Drift = z.infer<typeof driftSchema>;
export type Quantity = Drift["quantity"];

/** `reports/RUN_ID/soak.json`: what a long run without a fault shows, beside its `run.json`. */
export const soakDocumentSchema = z.object({
  schema: z.literal("everyline/soak@1"),
  runId: z.string(),
  finishedAt: z.iso.datetime(),
  pipeline: z.string(),
  layout: z.string(),
  environment: environmentSchema,
  images: imagesSchema,
  /** How long lines were to be written, and at which rate. */
  hours: z.number().positive(),
  linesPerSecond: z.number().positive(),
  /** The mean length of a line as it is written, with its line end; 0 if none was written. */
  bytesPerLine: z.number().min(0),
  /** What was left out at the beginning, and how long was measured after it. */
  warmUpSeconds: z.number().min(0),
  measuredHours: z.number().min(0),
  /** How much of the processors of the machine was busy during the run, and for how much of the time something waited for a disk. */
  machine: z.object({ busy: z.number().min(0).max(1), diskWait: z.number().min(0).max(1).nullable() }),
  /** Of all intervals together: how likely none of them misses. */
  confidence: z.number(),
  counts: countsSchema,
  /** The verdict on the lines alone, as in `run.json`. */
  linesVerdict: z.enum(verdicts),
  drifts: z.array(driftSchema),
  verdict: z.enum(verdicts),
});

export type SoakDocument = z.infer<typeof soakDocumentSchema>;
