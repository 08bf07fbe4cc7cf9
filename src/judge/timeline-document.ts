import { z } from "zod";
import { maxTracks, observedSchema, trackSchema } from "./track.ts";

/** The maximum number of equal parts into which the time of writing is divided. */
export const maxBuckets = 300;
/** The maximum number of ranges of one kind that are listed. */
export const maxTimedRanges = 300;

const unixMs = z.number().min(0);
const count = z.int().min(0);

const bucketSchema = z.object({
  /** When the bucket begins; a line belongs to the bucket in which its write is known to have returned. */
  at: unixMs,
  written: count,
  /** How many of these lines became readable during the run, and how long that took. */
  arrived: count,
  latencyMs: z.object({ p50: z.number().min(0), max: z.number().min(0) }).nullable(),
  /** How many of these lines were not read back, and the surplus copies of lines that were read back more than once. */
  lost: count,
  duplicated: count,
});

const timedRangeSchema = z.object({
  source: z.string(),
  from: count,
  to: count,
  /** The writes of its lines returned after `fromMs` and not later than `toMs`. */
  fromMs: unixMs,
  toMs: unixMs,
});

const timedRanges = <Range extends z.ZodType>(range: Range) =>
  z.object({
    /** The longest ranges, in order of time. */
    ranges: z.array(range).max(maxTimedRanges),
    /** The numbers of further ranges, and of lines in them. */
    omittedRanges: count,
    omittedLines: count,
  });

/** The part of a timeline about lines, by the time at which they were written. It has not changed since the first version. */
export const judgedSchema = z.object({
  /** How many sentinels the counters of the parts include. */
  sentinels: count,
  /** From the first write to the last, all of the same length; empty if nothing was written. */
  bucketMs: z.number().min(0),
  buckets: z.array(bucketSchema).max(maxBuckets),
  lost: timedRanges(timedRangeSchema.extend({ hop: z.string(), reason: z.string().optional() })),
  duplicated: timedRanges(timedRangeSchema),
  /** The number of surplus copies whose lines are not known. */
  unplacedCopies: count,
  /** When all lines that were written during a fault were readable; null if none became readable, or there was none. */
  recoveredAt: unixMs.nullable(),
});

/**
 * `reports/RUN_ID/timeline.json`: the events of a run over time. It contains what observers recorded, as tracks, and what happened to the
 * lines, by the time at which they were written. Its size is bounded, independent of the length of the run.
 */
export const timelineSchema = z.object({
  schema: z.literal("everyline/timeline@2"),
  /** The observers that recorded the tracks. */
  observers: z.array(observedSchema),
  tracks: z.array(trackSchema).max(maxTracks),
  ...judgedSchema.shape,
});

export type Timeline = z.infer<typeof timelineSchema>;
export type TimelineBucket = Timeline["buckets"][number];
export type TimedRange = z.infer<typeof timedRangeSchema>;
