import { z } from "zod";
import { boundsSchema } from "../pipeline/bounds.ts";
import { referenceSinkKind } from "../pipeline/sink-kind.ts";
import { claimId, partName, scenarioName } from "../plan/former-scenarios.ts";
import { verdicts } from "../plan/verdict.ts";
import { breachTold } from "./breach-told.ts";
import { countsSchema } from "./counts.ts";
import { toldEvidence } from "./fault-record.ts";
import type { RunDocument } from "./run-document.ts";
import { environmentSchema, imagesSchema } from "./run-surroundings.ts";

const seconds = z.number().min(0);

/** `run.json` as it was stored before there was `everyline/run@2`. */
export const runDocument1Schema = z.object({
  schema: z.literal("everyline/run@1"),
  runId: z.string(),
  /** `NAME`, or `NAME/CASE`. */
  scenario: scenarioName,
  pipeline: z.string(),
  /** Which layout of it ran; runs stored by versions that knew no layouts had a single sink. */
  layout: z.string().default("single"),
  seed: z.string(),
  /** Variables of the Compose file that the scenario set otherwise than the pipeline says. */
  variables: z.record(z.string(), z.string()).default({}),
  /** The time lapse, if a long outage was simulated by a short one; null otherwise. */
  timeLapse: z
    .object({
      /** The length of the simulated outage, and of the real one. */
      outageSeconds: seconds,
      heldSeconds: seconds,
      /** How, in a sentence. */
      how: z.string(),
    })
    .nullable()
    .default(null),
  /** Intended differences between a stack that was started from the user's files and the user's own stack, one line each. */
  notes: z.array(z.string()).optional(),
  verdict: z.enum(verdicts),
  /** The reasons for the verdict, one sentence each; empty for `holds`. */
  reasons: z.array(z.string()),
  claim: z.object({ id: claimId, text: z.string(), bounds: boundsSchema }),
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
      hop: partName,
      reason: z.string().optional(),
    }),
  ),
  /** Partial lines that a crash of the application left, and that it then wrote again completely. They count as neither delivered nor lost. */
  torn: z
    .array(
      z.object({
        source: z.string(),
        sequence: z.int(),
        /** The number of bytes of the partial line, and of the complete line. */
        bytes: z.int(),
        lineBytes: z.int(),
        arrived: z.boolean(),
      }),
    )
    .default([]),
  /** What was read from Kafka; null if there is no Kafka, or it could not be read. */
  kafka: z
    .object({
      records: z.int(),
      /** The topic compared with the ledger: lines that never reached it are `lost`, surplus copies in it are `duplicated`. */
      counts: countsSchema,
      /** How many of the records Kafka's retention or a fault had deleted by the end. */
      deleted: z.int().default(0),
      /** The first offset of each partition that was still there at the end, and the one that the next record would get. */
      partitions: z
        .array(z.object({ partition: z.int(), logStartOffset: z.int(), endOffset: z.int() }))
        .default([]),
      /** Dead letters of the consumer: lines that the sink refuses, by reason. */
      deadLetters: z.record(z.string(), z.int()),
      /**
       * Lines that the sink received beyond the records of the topic, because they were sent again. Null if a restart of the sink lost the
       * count.
       */
      redelivered: z.int().nullable(),
      /** How often the consumer retried a push to the sink, by the HTTP status or failure that caused it. */
      retries: z.record(z.string(), z.int()).default({}),
      /** The gateway's answers to pushes, by HTTP status, according to its counters. */
      answers: z.record(z.string(), z.int()),
    })
    .nullable()
    .default(null),
  /** The result of the loss of one of two sites; null if there was none. Each line is counted once, without sentinels. */
  sites: z
    .object({
      /** Recovery point: the length of the time in which lines were written that the first site had acknowledged and the second did not have. */
      rpoSeconds: seconds,
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
    .nullable()
    .default(null),
  /** Lines that the sink counted as refused since its last start, by its reason. Each part of the sink that refused a line counts it. */
  discarded: z.record(z.string(), z.int()).default({}),
  timings: z.object({
    upSeconds: seconds,
    loadSeconds: seconds,
    /** How long at least one fault held. */
    outageSeconds: seconds,
    /** The time from the end of the last fault until all lines written during a fault were readable; null if none became readable. */
    recoverySeconds: seconds.nullable(),
    readSeconds: seconds,
    totalSeconds: seconds,
  }),
  /** The time from the return of a line's write until it was readable; null if no line became readable. */
  latencyMs: z.object({ p50: seconds, p99: seconds, max: seconds }).nullable(),
  faults: z.array(
    z.object({
      kind: z.string(),
      target: partName,
      /** When its injection began. That is earlier than `startedAt` if a process takes long to end. Absent in older documents. */
      askedAt: z.iso.datetime().optional(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      effective: z.boolean(),
      evidence: z.string(),
      /** The containers that exited by themselves when they were to replace another; absent if none did. */
      refusals: z.array(z.string()).optional(),
    }),
  ),
  images: imagesSchema,
  environment: environmentSchema,
});

/** Converts a document of an earlier version to today's form. Sentences that cannot be converted remain sentences. */
export function fromDocument1(run: z.infer<typeof runDocument1Schema>): RunDocument {
  const { scenario, pipeline, layout, seed, variables, claim, timeLapse, notes, ...rest } = run;
  return {
    ...rest,
    schema: "everyline/run@2",
    plan: {
      schema: "everyline/plan@2",
      scenario,
      pipeline,
      layout,
      sink: referenceSinkKind,
      claim,
      seed,
      variables,
    },
    reasons: run.reasons.map((text) => breachTold(text) ?? { code: "told", text }),
    lostWindowSeconds: run.counts.lost === 0 ? 0 : null,
    timeLapse: timeLapse && {
      outageSeconds: timeLapse.outageSeconds,
      heldSeconds: timeLapse.heldSeconds,
      agesKafka: timeLapse.how.includes("Kafka"),
    },
    ...(notes === undefined ? {} : { notes: notes.map((text) => ({ code: "told" as const, text })) }),
    faults: run.faults.map(({ evidence, askedAt, refusals, ...fault }) => ({
      ...fault,
      ...(askedAt === undefined ? {} : { askedAt }),
      ...(refusals === undefined ? {} : { refusals: refusals.map(toldEvidence) }),
      evidence: [toldEvidence(evidence)],
      // The sentence contains it already.
      held: null,
      shipperGivesUp: null,
    })),
  };
}
