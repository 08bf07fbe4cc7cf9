import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { mountDifferenceSchema } from "../places/mount-difference.ts";
import { mountNoteSchema } from "../places/mount-note.ts";
import { stackChangeSchema } from "../places/stack-change.ts";
import { faultRecordSchema } from "./fault-record.ts";
import { proofFailureSchema } from "./proof-failure.ts";
import { remarkSchema } from "./reasons.ts";
import { environmentSchema, imagesSchema } from "./run-surroundings.ts";
import { observedSchema } from "./track.ts";

const count = z.int().min(0);
const lines = z.number().min(0);
const counts = z.record(z.string(), lines);
const seconds = z.number().min(0);

/** Offsets of a Kafka topic as JSON can hold them: the first that is still there, and the one that the next record would get. */
const offsetsSchema = z.array(z.object({ partition: z.int(), low: z.string(), high: z.string() }));

/** How a wait for lines that are still on their way ended. */
const settledSchema = z.object({
  /** `quiet`: nothing will come any more. `deadline`: something may. */
  why: z.enum(["complete", "quiet", "deadline"]),
  waitedMs: z.number(),
  silentMs: z.number(),
  isUnderWay: z.boolean(),
});

/** What was seen of Kafka beside its records, each in a file of its own. */
const kafkaSchema = z.object({
  offsets: offsetsSchema,
  /** Records in each file. `audit`: what was there before a fault healed, where it was looked at; `deadLetters` likewise. */
  records: count,
  audited: count.nullable(),
  deadLetters: count.nullable(),
});

/** What was seen of a second site while the first was lost, beside the lines that could be read there. */
const failoverSchema = z.object({
  /** Lines in the file of what could be read in the second site. */
  entries: count,
  /** Behind the last record of each partition that the first site's gateway had been told is stored. */
  acknowledged: z.array(z.object({ partition: z.int(), end: z.string() })),
  /** Whether one Kafka cluster spans both sites, and how far that went; null if it did not tell. */
  isOneCluster: z.boolean(),
  offsets: offsetsSchema.nullable(),
});

/** `reports/RUN_ID/recording.json`: what a run observed beside the lines themselves, as figures. */
export const recordedSchema = z.object({
  schema: z.literal("everyline/recording@1"),
  runId: z.string(),
  /** Why no line came through before anything was broken; null where all came. */
  proofFailure: proofFailureSchema.nullable(),
  /** Files that containers mount: those that differ from the user's, and how many were not compared. */
  differences: z.array(mountDifferenceSchema),
  unchecked: count,
  /** Who watched the run, and how each failed that did. */
  observers: z.array(observedSchema),
  /** In the order of the plan's schedule; empty where nothing was broken. */
  faults: z.array(faultRecordSchema),
  /**
   * How many lines could be read each time before the sink was killed. This is not in the fault records: a fault record holds what the fault
   * itself proved, and is copied into the run document. This figure comes from the observer of arrivals, and the judge alone needs it.
   */
  readableAtKills: z.array(count),
  /** Null where it was not waited for anything. */
  settled: settledSchema.nullable(),
  /** The readings that were completed, in their order, each in a file of its own; `counted` lines of which `entries` were answered. */
  readings: z.array(z.object({ reading: z.string(), entries: count, counted: count })),
  /** Why not everything was read; null where it was. */
  readFailure: readProblemSchema.nullable(),
  remarks: z.array(remarkSchema),
  /** When the last of the sink's containers started, in Unix milliseconds; null where one is gone. */
  sinkStartedAtMs: z.number().nullable(),
  /** What something else did to the stack. */
  changes: z.array(stackChangeSchema),
  /** How many lines were seen to become readable while the run went on; when is in a file of its own. */
  arrivals: count,
  /** What the parts counted of themselves. */
  shipper: z.object({ read: lines, sent: lines, dropped: counts, readBytes: counts }),
  /** Whether the shipper had come to the end of every file, and no file was rotated away from under it. */
  isReadToEnd: z.boolean(),
  gateway: z.object({ acknowledged: lines, answers: counts }),
  /** How often the consumer tried a push again, by status. */
  retries: counts,
  /** Lines that the sink refused, by reason. */
  discarded: counts,
  /** Lines that the sink took in, where it has counted throughout. */
  received: lines.nullable(),
  /** Null where there is no Kafka, or it could not be read. */
  kafka: kafkaSchema.nullable(),
  /** Null where no site was lost. */
  failover: failoverSchema.nullable(),
  /** What the stack had otherwise than the user, on purpose. */
  notes: z.array(mountNoteSchema),
  images: imagesSchema,
  environment: environmentSchema,
  seconds: z.object({ up: seconds, load: seconds, read: seconds, total: seconds }),
});

export type Recorded = z.infer<typeof recordedSchema>;
export type RecordedOffsets = z.infer<typeof offsetsSchema>;
