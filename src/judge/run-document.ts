import { z } from "zod";
import { mountNoteSchema } from "../places/mount-note.ts";
import { knownPlanSchema } from "../plan/plan.ts";
import { verdicts } from "../plan/verdict.ts";
import { countsSchema } from "./counts.ts";
import { judgedFaultSchema } from "./fault-record.ts";
import { reasonSchema } from "./reasons.ts";
import { environmentSchema, imagesSchema } from "./run-surroundings.ts";

const seconds = z.number().min(0);

/** `reports/RUN_ID/run.json`: a run as every report format sees it. */
export const runDocumentSchema = z.object({
  schema: z.literal("everyline/run@2"),
  runId: z.string(),
  /** What was to be run and what was claimed; of a run of an earlier version only as far as it is known. */
  plan: knownPlanSchema,
  /** Where a long outage was held for a short time only: what stood for it. Null where every second was held. */
  timeLapse: z
    .object({
      /** The outage that was to be tested, and how long it was held. */
      outageSeconds: seconds,
      heldSeconds: seconds,
      /** Whether the records in Kafka aged along with the lines. */
      agesKafka: z.boolean(),
    })
    .nullable(),
  /** What a stack started from the user's own files had otherwise than the user has, on purpose. */
  notes: z.array(mountNoteSchema).optional(),
  verdict: z.enum(verdicts),
  /** What led to the verdict; nothing for `holds`. */
  reasons: z.array(reasonSchema),
  counts: countsSchema,
  /** Every lost line; `hop` is the last part of the pipeline known to have had it, or `unknown`. `reason` is that part's own. */
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
   * Over how long the lost lines were written: the longest of any source, from before its first lost line to after its last. Null where it
   * is not known.
   */
  lostWindowSeconds: seconds.nullable(),
  /** What a crash of the application left of a line that it then wrote again. It is no line, and no loss where it did not arrive. */
  torn: z.array(
    z.object({
      source: z.string(),
      sequence: z.int(),
      /** How many bytes of it, of how many. */
      bytes: z.int(),
      lineBytes: z.int(),
      arrived: z.boolean(),
    }),
  ),
  /** What was seen to lie in Kafka; null where there is no Kafka, or it could not be read. */
  kafka: z
    .object({
      records: z.int(),
      /** The topic checked against the ledger: what never reached it is `lost`, surplus copies in it are `duplicated`. */
      counts: countsSchema,
      /** Of the records those that Kafka's retention had deleted by the end. */
      deleted: z.int(),
      /** The first offset of each partition that was still there at the end, and the one that the next record would get. */
      partitions: z.array(z.object({ partition: z.int(), logStartOffset: z.int(), endOffset: z.int() })),
      /** Lines that the consumer laid aside because the sink refuses them, by reason. */
      deadLetters: z.record(z.string(), z.int()),
      /** Lines that the sink took in beyond the records of the topic: sent again. Null where a restarted sink has forgotten. */
      redelivered: z.int().nullable(),
      /** How often the consumer tried a push to the sink again, by the HTTP status or failure that made it. */
      retries: z.record(z.string(), z.int()),
      /** The gateway's answers to pushes by HTTP status, as often as it was seen to count them. */
      answers: z.record(z.string(), z.int()),
    })
    .nullable(),
  /** What the loss of one of two sites came to; null where there was none. Lines are counted once, sentinels left out. */
  sites: z
    .object({
      /**
       * Recovery point: over how long lines were written that the first site had acknowledged and the second did not have; null where it
       * could not be measured.
       */
      rpoSeconds: seconds.nullable(),
      /** Whether it could not be told which lines were acknowledged, so that all that were written by then count. */
      isUpperBound: z.boolean(),
      /** Lines that the first site's Kafka had acknowledged when it was lost. */
      acknowledged: z.int(),
      /** Of these, those that the second site did not have; of those, how many it had in the end, after the first's return. */
      missing: z.int(),
      returned: z.int(),
      /** Lines written before the loss that were not acknowledged and not in the second site, and how many it had in the end. */
      unacknowledged: z.int(),
      unacknowledgedReturned: z.int(),
    })
    .nullable(),
  /** Lines that the sink says it refused since it last started, by its reason; each part of it that refused a line counts it. */
  discarded: z.record(z.string(), z.int()),
  timings: z.object({
    upSeconds: seconds,
    loadSeconds: seconds,
    /** How long any fault held, overlaps counted once. */
    outageSeconds: seconds,
    /** From the end of the last fault until the last of the lines written under a fault could be read; null if none could. */
    recoverySeconds: seconds.nullable(),
    readSeconds: seconds,
    totalSeconds: seconds,
  }),
  /** From the return of a line's write until it could be read; null if no line could. */
  latencyMs: z.object({ p50: seconds, p99: seconds, max: seconds }).nullable(),
  /** In the order of the plan's schedule. */
  faults: z.array(judgedFaultSchema),
  images: imagesSchema,
  environment: environmentSchema,
});

export type RunDocument = z.infer<typeof runDocumentSchema>;
