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
  /** Where a long outage was held for a short time only: what stood for it. Null where every second was held. */
  timeLapse: z
    .object({
      /** The outage that was to be tested, and how long it was held. */
      outageSeconds: seconds,
      heldSeconds: seconds,
      /** How, in a sentence. */
      how: z.string(),
    })
    .nullable()
    .default(null),
  /** What a stack started from the user's own files had otherwise than the user has, on purpose: a line each. */
  notes: z.array(z.string()).optional(),
  verdict: z.enum(verdicts),
  /** What led to the verdict, a sentence each; none for `holds`. */
  reasons: z.array(z.string()),
  claim: z.object({ id: claimId, text: z.string(), bounds: boundsSchema }),
  counts: countsSchema,
  /** Every lost line; `hop` is the last part of the pipeline known to have had it, or `unknown`. `reason` is that part's own. */
  lost: z.array(
    z.object({
      source: z.string(),
      from: z.int(),
      to: z.int(),
      hop: partName,
      reason: z.string().optional(),
    }),
  ),
  /** What a crash of the application left of a line that it then wrote again. It is no line, and no loss where it did not arrive. */
  torn: z
    .array(
      z.object({
        source: z.string(),
        sequence: z.int(),
        /** How many bytes of it, of how many. */
        bytes: z.int(),
        lineBytes: z.int(),
        arrived: z.boolean(),
      }),
    )
    .default([]),
  /** What was seen to lie in Kafka; null where there is no Kafka, or it could not be read. */
  kafka: z
    .object({
      records: z.int(),
      /** The topic checked against the ledger: what never reached it is `lost`, surplus copies in it are `duplicated`. */
      counts: countsSchema,
      /** Of the records those that Kafka's retention had deleted by the end. */
      deleted: z.int().default(0),
      /** The first offset of each partition that was still there at the end, and the one that the next record would get. */
      partitions: z
        .array(z.object({ partition: z.int(), logStartOffset: z.int(), endOffset: z.int() }))
        .default([]),
      /** Lines that the consumer laid aside because the sink refuses them, by reason. */
      deadLetters: z.record(z.string(), z.int()),
      /** Lines that the sink took in beyond the records of the topic: sent again. Null where a restarted sink has forgotten. */
      redelivered: z.int().nullable(),
      /** How often the consumer tried a push to the sink again, by the HTTP status or failure that made it. */
      retries: z.record(z.string(), z.int()).default({}),
      /** The gateway's answers to pushes by HTTP status, as often as it was seen to count them. */
      answers: z.record(z.string(), z.int()),
    })
    .nullable()
    .default(null),
  /** What the loss of one of two sites came to; null where there was none. Lines are counted once, sentinels left out. */
  sites: z
    .object({
      /** Recovery point: over how long lines were written that the first site had acknowledged and the second did not have. */
      rpoSeconds: seconds,
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
    .nullable()
    .default(null),
  /** Lines that the sink says it refused since it last started, by its reason; each part of it that refused a line counts it. */
  discarded: z.record(z.string(), z.int()).default({}),
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
  faults: z.array(
    z.object({
      kind: z.string(),
      target: partName,
      /** When it was asked for, which is before it is in force where a process takes its time to end; unknown of older runs. */
      askedAt: z.iso.datetime().optional(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      effective: z.boolean(),
      evidence: z.string(),
      /** What ended by itself where it was to run in the place of another; left out where nothing did. */
      refusals: z.array(z.string()).optional(),
    }),
  ),
  images: imagesSchema,
  environment: environmentSchema,
});

/** What an earlier version stored, in today's form; sentences that have no form today stay what they are. */
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
      // The sentence tells of it already.
      held: null,
      shipperGivesUp: null,
    })),
  };
}
