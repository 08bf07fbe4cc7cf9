import { z } from "zod";
import { lineFrameSchema } from "../load/ledger.ts";
import { mountNoteSchema } from "../places/mount-note.ts";
import { knownPlanSchema } from "../plan/plan.ts";
import { verdicts } from "../plan/verdict.ts";
import { alertsDocumentSchema } from "./alerts-document.ts";
import { countsSchema } from "./counts.ts";
import { judgedFaultSchema } from "./fault-record.ts";
import { reasonSchema } from "./reasons.ts";
import { environmentSchema, imagesSchema } from "./run-surroundings.ts";

const seconds = z.number().min(0);

/** `reports/RUN_ID/run.json`, from which all report formats are written. */
export const runDocumentSchema = z.object({
  schema: z.literal("everyline/run@2"),
  runId: z.string(),
  /** The plan of the run; for a run of an earlier version only the parts that are known. */
  plan: knownPlanSchema,
  /** The time lapse, if a long outage was simulated by a short one; null otherwise. */
  timeLapse: z
    .object({
      /** The length of the simulated outage, and of the real one. */
      outageSeconds: seconds,
      heldSeconds: seconds,
      /** Whether the records in Kafka aged along with the lines. */
      agesKafka: z.boolean(),
    })
    .nullable(),
  /** How the sink stored the lines that were written in the user's own form; null if no line was seen there. Absent for other lines. */
  stored: lineFrameSchema.nullable().optional(),
  /** Intended differences between a stack that was started from the user's files and the user's own stack. */
  notes: z.array(mountNoteSchema).optional(),
  verdict: z.enum(verdicts),
  /** The reasons for the verdict, and remarks; empty for `holds`. */
  reasons: z.array(reasonSchema),
  counts: countsSchema,
  /**
   * Every lost line; `hop` is the last part of the pipeline known to have had it, or `unknown`. `reason` is why that part lost it, if it says
   * so.
   */
  lost: z.array(
    z.object({
      source: z.string(),
      from: z.int(),
      to: z.int(),
      hop: z.string(),
      reason: z.string().optional(),
    }),
  ),
  /**
   * The length of the time in which the lost lines were written: the longest of any source, from before its first lost line to after its
   * last. Null if it is not known.
   */
  lostWindowSeconds: seconds.nullable(),
  /** Partial lines that a crash of the application left, and that it then wrote again completely. They count as neither delivered nor lost. */
  torn: z.array(
    z.object({
      source: z.string(),
      sequence: z.int(),
      /** The number of bytes of the partial line, and of the complete line. */
      bytes: z.int(),
      lineBytes: z.int(),
      arrived: z.boolean(),
    }),
  ),
  /** What was read from Kafka; null if there is no Kafka, or it could not be read. */
  kafka: z
    .object({
      records: z.int(),
      /** The topic compared with the ledger: lines that never reached it are `lost`, surplus copies in it are `duplicated`. */
      counts: countsSchema,
      /** How many of the records Kafka's retention or a fault had deleted by the end. */
      deleted: z.int(),
      /** The first offset of each partition that was still there at the end, and the one that the next record would get. */
      partitions: z.array(z.object({ partition: z.int(), logStartOffset: z.int(), endOffset: z.int() })),
      /** Dead letters of the consumer: lines that the sink refuses, by reason. */
      deadLetters: z.record(z.string(), z.int()),
      /**
       * Lines that the sink received beyond the records of the topic, because they were sent again. Null if a restart of the sink lost the
       * count.
       */
      redelivered: z.int().nullable(),
      /** How often the consumer retried a push to the sink, by the HTTP status or failure that caused it. */
      retries: z.record(z.string(), z.int()),
      /** The gateway's answers to pushes, by HTTP status, according to its counters. */
      answers: z.record(z.string(), z.int()),
    })
    .nullable(),
  /** The result of the loss of one of two sites; null if there was none. Each line is counted once, without sentinels. */
  sites: z
    .object({
      /**
       * Recovery point: the length of the time in which lines were written that the first site had acknowledged and the second did not have.
       * Null if it could not be measured.
       */
      rpoSeconds: seconds.nullable(),
      /** Whether it is not known which lines were acknowledged, so that all lines written by then count as acknowledged. */
      isUpperBound: z.boolean(),
      /** Lines that the first site's Kafka had acknowledged when it was lost. */
      acknowledged: z.int(),
      /** How many of these the second site did not have, and how many of those it had at the end, after the first site's return. */
      missing: z.int(),
      returned: z.int(),
      /** Lines written before the loss that were neither acknowledged nor in the second site, and how many of those it had at the end. */
      unacknowledged: z.int(),
      unacknowledgedReturned: z.int(),
    })
    .nullable(),
  /** Lines that the sink counted as refused since its last start, by its reason. Each part of the sink that refused a line counts it. */
  discarded: z.record(z.string(), z.int()),
  /** What the alerts told; absent if none were observed. */
  alerts: alertsDocumentSchema.optional(),
  timings: z.object({
    upSeconds: seconds,
    loadSeconds: seconds,
    /** How long at least one fault held. */
    outageSeconds: seconds,
    /** The time from the end of the last fault until all lines written during a fault were readable; null if none became readable. */
    recoverySeconds: seconds.nullable(),
    /**
     * Only if a recovery time is promised and some of these lines were not seen to arrive: the time from the end of the last fault until everything had
     * been read; null if that is not known.
     */
    readBySeconds: seconds.nullable().optional(),
    readSeconds: seconds,
    totalSeconds: seconds,
  }),
  /** The time from the return of a line's write until it was readable; null if no line became readable. */
  latencyMs: z.object({ p50: seconds, p99: seconds, max: seconds }).nullable(),
  /** In the order of the plan's schedule. */
  faults: z.array(judgedFaultSchema),
  images: imagesSchema,
  environment: environmentSchema,
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
