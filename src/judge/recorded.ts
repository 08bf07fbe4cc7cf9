import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { mountDifferenceSchema } from "../places/mount-difference.ts";
import { mountNoteSchema } from "../places/mount-note.ts";
import { stackChangeSchema } from "../places/stack-change.ts";
import { faultRecordSchema } from "./fault-record.ts";
import { proofFailureSchema } from "./proof-failure.ts";
import { remarkSchema } from "./reasons.ts";
import { recordedAlertsSchema } from "./recorded-alerts.ts";
import { environmentSchema, imagesSchema } from "./run-surroundings.ts";
import { observedSchema } from "./track.ts";

const count = z.int().min(0);
const lines = z.number().min(0);
const counts = z.record(z.string(), lines);
const seconds = z.number().min(0);

/** Offsets of a Kafka topic as texts for JSON: the first that is still there, and the one that the next record would get. */
const offsetsSchema = z.array(z.object({ partition: z.int(), low: z.string(), high: z.string() }));

/** How the wait for lines in flight ended. */
const settledSchema = z.object({
  /** `quiet`: no more lines will arrive. `deadline`: more lines may arrive. */
  why: z.enum(["complete", "quiet", "deadline"]),
  waitedMs: z.number(),
  silentMs: z.number(),
  isUnderWay: z.boolean(),
});

/** What was read from Kafka, without the records, which are in separate files. */
const kafkaSchema = z.object({
  offsets: offsetsSchema,
  /** The number of records in each file. `audited` counts those before a fault healed; null if there was no audit, or no dead letter topic. */
  records: count,
  audited: count.nullable(),
  deadLetters: count.nullable(),
});

/** What was observed of a second site while the first was lost, without the lines that could be read there. */
const failoverSchema = z.object({
  /** The number of lines in the file of what could be read in the second site. */
  entries: count,
  /** The end of each partition, as far as its records were acknowledged to the first site's gateway. */
  acknowledged: z.array(z.object({ partition: z.int(), end: z.string() })),
  /** Whether one Kafka cluster spans both sites, and its offsets after the failover; null if it did not answer. */
  isOneCluster: z.boolean(),
  offsets: offsetsSchema.nullable(),
});

/** `reports/RUN_ID/recording.json`: everything that a run observed except the lines themselves, as figures. */
export const recordedSchema = z.object({
  schema: z.literal("everyline/recording@1"),
  runId: z.string(),
  /** Why the lines were not proven to reach the sink before the first fault; null if they were. */
  proofFailure: proofFailureSchema.nullable(),
  /** Files that containers mount: those that differ from the user's, and the number of those that were not compared. */
  differences: z.array(mountDifferenceSchema),
  unchecked: count,
  /** The observers of the run, and their failures. */
  observers: z.array(observedSchema),
  /** In the order of the plan's schedule; empty if no fault was injected. */
  faults: z.array(faultRecordSchema),
  /**
   * How many lines could be read each time before the sink was killed. This is not in the fault records: a fault record holds what the fault
   * itself proved, and is copied into the run document. This figure comes from the observer of arrivals, and the judge alone needs it.
   */
  readableAtKills: z.array(count),
  /** Null if the run did not wait for lines. */
  settled: settledSchema.nullable(),
  /** The completed readings in their order, each in a separate file. The sink counted `counted` lines and returned `entries`. */
  readings: z.array(z.object({ reading: z.string(), entries: count, counted: count })),
  /** The reading before the flush, if it contradicted the sink's counts in each attempt, and the one after it did not. */
  setAside: z.object({ reading: z.string(), problem: readProblemSchema }).nullable().default(null),
  /** When the last completed reading had ended, in Unix milliseconds; null if there was none, and in recordings of earlier versions. */
  readByMs: z.number().nullable().default(null),
  /** Why not everything was read; null if it was. */
  readFailure: readProblemSchema.nullable(),
  remarks: z.array(remarkSchema),
  /** When the last of the sink's containers started, in Unix milliseconds; null if one is gone. */
  sinkStartedAtMs: z.number().nullable(),
  /** Changes of the stack that the run did not make. */
  changes: z.array(stackChangeSchema),
  /** How many lines became readable during the run. The times are in a separate file. */
  arrivals: count,
  /** The counters of the parts. */
  shipper: z.object({ read: lines, sent: lines, dropped: counts, readBytes: counts }),
  /** Whether the shipper had reached the end of every file, and no file was rotated before it was read. */
  isReadToEnd: z.boolean(),
  gateway: z.object({ acknowledged: lines, answers: counts }),
  /** How often the consumer retried a push, by status. */
  retries: counts,
  /** Lines that the sink refused, by reason. */
  discarded: counts,
  /** Lines that the sink received; null if a part of it was restarted, and so lost its count. */
  received: lines.nullable(),
  /** Null if there is no Kafka, or it could not be read. */
  kafka: kafkaSchema.nullable(),
  /** Null if no site was lost. */
  failover: failoverSchema.nullable(),
  /** Null if alerts were not observed. */
  alerts: recordedAlertsSchema.nullable().default(null),
  /** Intended differences between the stack and the user's. */
  notes: z.array(mountNoteSchema),
  images: imagesSchema,
  environment: environmentSchema,
  seconds: z.object({ up: seconds, load: seconds, read: seconds, total: seconds }),
});

export type Recorded = z.infer<typeof recordedSchema>;
export type RecordedOffsets = z.infer<typeof offsetsSchema>;
