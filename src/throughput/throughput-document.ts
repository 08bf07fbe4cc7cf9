import { z } from "zod";
import { machineSchema } from "../judge/run-surroundings.ts";
import { processorModelSchema } from "./model-document.ts";

const count = z.int().min(0);
const seconds = z.number().min(0);
const load = z.number().positive();

/** A `SearchGoal`. */
const goalSchema = z.object({
  initialTrialSeconds: seconds,
  finalTrialSeconds: seconds,
  durationSumSeconds: seconds,
  lossRatio: z.number(),
  exceedRatio: z.number(),
  width: z.number(),
});

/** How many processors were used while the lines of a trial were written. */
const processorsSchema = z.object({
  /** How many the machine has, and the share of them that was busy with anything; from 0 to 1. */
  ofMachine: z.int().min(1),
  busy: z.number().min(0).max(1),
  /** The share of the time in which something waited for a disk, by the kernel's pressure figures; null if it has none. From 0 to 1. */
  diskWait: z.number().min(0).max(1).nullable(),
  /** How many Everyline itself used. */
  harness: z.number().min(0),
  /** How many each instance used; those that could not be measured are left out. */
  instances: z.record(z.string(), z.number().min(0)),
});

/** One trial: lines that were written at a rate to a running pipeline, and what became of them. It is a `TrialResult`. */
export const trialSchema = z.object({
  number: z.int().min(1),
  /** Lines per second, over all sources. */
  load,
  durationSeconds: seconds,
  effectiveDurationSeconds: seconds,
  tookSeconds: seconds,
  intendedLines: count,
  forwardedLines: count,
  /** Lines that were read back, once at least, byte for byte: from the sink, or from the topic if that is the end of what was measured. */
  delivered: count,
  /** Lines that were written and are not there. */
  lost: count,
  duplicated: count,
  /** Texts of the trial that are no line of it: corrupted, truncated or merged. */
  damaged: count,
  /** Lines that could not be written when they were due. */
  writtenLate: count,
  /** Lines that were not readable, or not acknowledged by the gateway, when the lag that is allowed had passed since the last write. */
  late: count,
  /** How long after the last write every line was readable, or acknowledged; null if not every line was before the trial ended. */
  lagSeconds: seconds.nullable(),
  /** Whether the pipeline was known to hold lines of the trial when waiting for them ended. The next trial could not be told from it. */
  isBacklogLeft: z.boolean(),
  /** Lines that the sink, or the gateway, refused meanwhile, by its own reasons; a line that is refused again counts again. */
  refused: z.record(z.string(), count),
  processors: processorsSchema,
});

export type Trial = z.infer<typeof trialSchema>;
export type Processors = z.infer<typeof processorsSchema>;

/** Of all lines of a trial, in milliseconds. */
const quantilesSchema = z.object({ p50: count, p99: count, p999: count, max: count });

export type Quantiles = z.infer<typeof quantilesSchema>;

/** How long after it was to be written each line was readable, at a share of the highest rate. */
const latencyTrialSchema = z.object({
  share: z.number().positive(),
  load,
  durationSeconds: seconds,
  lines: count,
  /** Lines that were not seen; they are in none of the figures. */
  unseen: count,
  /** Lines that could not be written when they were due. */
  writtenLate: count,
  /** From when each line was to be written until it was seen; null if none was. */
  atMost: quantilesSchema.nullable(),
  /** From when each line was certainly written until it was last looked for in vain; null if none was seen. */
  atLeast: quantilesSchema.nullable(),
  processors: processorsSchema,
});

export type LatencyTrial = z.infer<typeof latencyTrialSchema>;

/** What was in the way of a higher rate, as far as it was seen. */
const limitSchema = z.discriminatedUnion("by", [
  /** The sink or the gateway refused lines, by its own reasons. */
  z.object({ by: z.literal("refusals"), refused: z.record(z.string(), count) }),
  /** Everyline could not write the lines when they were due. */
  z.object({ by: z.literal("writer"), writtenLate: count }),
  /** The processors of this machine; with the instance that used most of them. */
  z.object({
    by: z.literal("machine"),
    busy: z.number(),
    instance: z.string().nullable(),
    used: z.number().nullable(),
  }),
  /** The disks of this machine. */
  z.object({ by: z.literal("disk"), diskWait: z.number() }),
  /** Lines arrived too late, and none of these was seen; with the instance that used most of the processors. */
  z.object({ by: z.literal("lag"), instance: z.string().nullable(), used: z.number().nullable() }),
]);

export type Limit = z.infer<typeof limitSchema>;

/** Why the verdict is what it is. */
const verdictReasonSchema = z.enum([
  /** A rate as high as the claimed one was taken without loss, and arrived at that rate. */
  "taken",
  /** The claimed rate was tried, and lines were lost or late, though this machine was not at its end. */
  "not-taken",
  /** Nothing is claimed of this pipeline. */
  "no-claim",
  /** The claimed rate was not tried. */
  "not-tried",
  /** The claimed rate was tried, and this machine was at its end. */
  "machine-at-its-end",
  /** The claimed rate was tried, and an instance used about one processor, which may be all that its one thread can. */
  "thread-at-its-end",
  /** The claimed rate is neither taken nor refused by the trials that were made. */
  "undecided",
  /** The pipeline does not work at all, or could not be read. */
  "not-measured",
]);

export type VerdictReason = z.infer<typeof verdictReasonSchema>;

/** Why the verdict on latency is what it is. */
const latencyReasonSchema = z.enum([
  /** Every line was seen in time. */
  "in-time",
  /** A line was certainly not readable in time, and the machine was not at its end. */
  "certainly-late",
  /** Nothing is claimed of this pipeline's latency. */
  "no-claim",
  /** No latency was measured. */
  "not-measured",
  /** A line was certainly not readable in time, and the machine was at its end. */
  "machine-at-its-end",
  /** A line was not seen at all. */
  "not-seen",
  /** A line may have become readable in time, or not, between two looks. */
  "between-looks",
]);

export type LatencyReason = z.infer<typeof latencyReasonSchema>;

/** What became of the lines of one part of an overload. */
const overloadLinesSchema = z.object({
  /** Lines per second that were to be written, and that were. */
  load,
  writtenRate: z.number().min(0),
  durationSeconds: seconds,
  lines: count,
  delivered: count,
  lost: count,
  duplicated: count,
  damaged: count,
  processors: processorsSchema,
});

/** Why the verdict on an overload is what it is. */
const overloadReasonSchema = z.enum([
  /** Every line arrived, and nothing lagged any more within the bound. */
  "caught-up",
  /** Lines that were written are not in the sink, and nothing of them is on its way. */
  "lost",
  /** Lines came back damaged. */
  "damaged",
  /** An instance ended. */
  "instance-ended",
  /** Lines still lagged when the bound had passed, and this machine had processors left. */
  "not-caught-up",
  /** The same, but this machine was at its end. */
  "machine-at-its-end",
  /** Everyline could not write so much. */
  "writer",
]);

export type OverloadReason = z.infer<typeof overloadReasonSchema>;

/** Twice the highest rate for a while, and then half of it. */
const overloadSchema = z.object({
  /** The highest rate, in lines per second. */
  highest: load,
  over: overloadLinesSchema,
  after: overloadLinesSchema,
  /** How long after the overload nothing lagged any more; null if it did to the end. */
  caughtUpSeconds: seconds.nullable(),
  /** How long that may take: a pipeline that takes the highest rate needs two thirds of it. */
  boundSeconds: seconds,
  /** Whether lines were still on their way when waiting for them ended. */
  isBacklogLeft: z.boolean(),
  /** What was refused meanwhile, by who refused it and why: lines, pushes or tries. */
  refused: z.array(z.object({ by: z.string(), reason: z.string(), count })),
  /** The most memory that each instance was seen to use, in bytes. */
  memoryPeaks: z.record(z.string(), z.number().min(0)),
  /** Instances of which a process ended meanwhile. */
  ended: z.array(z.object({ instance: z.string(), exitCode: z.int(), isOutOfMemory: z.boolean() })),
  verdict: z.enum(["holds", "broken", "unknown"]),
  why: overloadReasonSchema,
});

export type Overload = z.infer<typeof overloadSchema>;

/** `reports/THROUGHPUT_ID/throughput.json`: what a pipeline takes on this machine. */
export const throughputDocumentSchema = z.object({
  schema: z.literal("everyline/throughput@1"),
  throughputId: z.string(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  pipeline: z.string(),
  layout: z.string(),
  /** Which part of it was measured: `gateway` is the gateway and Kafka alone; absent in documents of earlier releases, which measured all. */
  part: z.enum(["pipeline", "gateway"]).optional(),
  environment: machineSchema,
  images: z.array(z.string()),
  sources: z.int().min(1),
  /** Between which rates was searched, and when the search was to end in any case. */
  limits: z.object({
    minLoad: load,
    maxLoad: load,
    startLoad: load,
    maxTrials: z.int().min(1),
    maxSeconds: seconds,
  }),
  /** How long after the last write a line may arrive. */
  lagBoundSeconds: seconds,
  claim: z
    .object({
      pipeline: z.string(),
      linesPerSecond: load,
      text: z.string(),
      source: z.string(),
      latencyBelowMs: z.number().optional(),
    })
    .nullable(),
  trials: z.array(trialSchema),
  /** Why no further trial was made: a `SearchResult`'s reason, or what made the search end. */
  ended: z.enum(["goals-reached", "trials", "time", "backlog", "failure", "rate-given"]),
  /** What made the search end, if `ended` is `failure`. */
  failure: z.string().nullable(),
  goals: z.array(
    z.object({
      goal: goalSchema,
      relevantLowerBound: load.nullable(),
      relevantUpperBound: load.nullable(),
      conditionalThroughput: z.number().nullable(),
      irregular: z.array(z.enum(["no-upper-bound", "no-lower-bound", "width-not-reached"])),
      lossInversions: z.array(load),
      /** At the lower bound: how many lines a second arrived, if the lag is part of the time; null if there is no lower bound. */
      arrivalRate: z.number().nullable(),
      /** The same for each processor that the instances used; null if that is not known. */
      arrivalRatePerProcessor: z.number().nullable(),
      /** What was in the way of the upper bound; empty if there is none. */
      limits: z.array(limitSchema),
    }),
  ),
  /** Empty if latency was not measured. */
  latency: z.array(latencyTrialSchema),
  /** What a higher rate would take, by the trials that were taken; absent in documents of earlier releases. No verdict depends on it. */
  model: processorModelSchema.optional(),
  latencyVerdict: z.object({ verdict: z.enum(["holds", "broken", "unknown"]), why: latencyReasonSchema }),
  /** Absent if none was wanted; null if it could not be measured. */
  overload: overloadSchema.nullable().optional(),
  verdict: z.enum(["holds", "broken", "unknown"]),
  why: verdictReasonSchema,
});

export type ThroughputDocument = z.infer<typeof throughputDocumentSchema>;
export type GoalFigures = ThroughputDocument["goals"][number];
