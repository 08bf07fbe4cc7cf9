import { z } from "zod";
import { maxTracks, observedSchema, trackSchema } from "./track.ts";

/** Into how many equal parts the time of writing is divided at most. */
export const maxBuckets = 300;
/** The most ranges of one kind that are told one by one. */
export const maxTimedRanges = 300;

const unixMs = z.number().min(0);
const count = z.int().min(0);

const bucketSchema = z.object({
  /** When the bucket begins; a line belongs to the bucket in which its write is known to have returned. */
  at: unixMs,
  written: count,
  /** Of these, the lines that were seen to become readable while the run went on, and how long that took. */
  arrived: count,
  latencyMs: z.object({ p50: z.number().min(0), max: z.number().min(0) }).nullable(),
  /** Of these, the lines that were not read back, and the surplus copies of lines that were read back more than once. */
  lost: count,
  duplicated: count,
});

const timedRangeSchema = z.object({
  source: z.string(),
  from: count,
  to: count,
  /** The writes of its lines returned after `fromMs`, and by `toMs`. */
  fromMs: unixMs,
  toMs: unixMs,
});

const timedRanges = <Range extends z.ZodType>(range: Range) =>
  z.object({
    /** The longest ones, in the order of time. */
    ranges: z.array(range).max(maxTimedRanges),
    /** What is beyond them. */
    omittedRanges: count,
    omittedLines: count,
  });

/** What a timeline says of lines by the time at which they were written; the same since the first version. */
export const judgedSchema = z.object({
  /** How many sentinels the parts counted beside the lines. */
  sentinels: count,
  /** From the first write to the last, each as long as the others; empty if nothing was written. */
  bucketMs: z.number().min(0),
  buckets: z.array(bucketSchema).max(maxBuckets),
  lost: timedRanges(timedRangeSchema.extend({ hop: z.string(), reason: z.string().optional() })),
  duplicated: timedRanges(timedRangeSchema),
  /** Surplus copies of which it is only known how many there are. */
  unplacedCopies: count,
  /** When the last of the lines that were written under a fault could be read; null if none could, or there was none. */
  recoveredAt: unixMs.nullable(),
});

/**
 * `reports/RUN_ID/timeline.json`: what happened when in a run. It holds what observers recorded, as tracks, and what came of the lines, by
 * the time at which they were written. Its size is bounded, whatever the length of the run.
 */
export const timelineSchema = z.object({
  schema: z.literal("everyline/timeline@2"),
  /** Who recorded the tracks. */
  observers: z.array(observedSchema),
  tracks: z.array(trackSchema).max(maxTracks),
  ...judgedSchema.shape,
});

export type Timeline = z.infer<typeof timelineSchema>;
export type TimelineBucket = Timeline["buckets"][number];
export type TimedRange = z.infer<typeof timedRangeSchema>;
