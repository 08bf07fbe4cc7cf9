import { z } from "zod";
import { sourceNames } from "../load/load-plan.ts";
import { boundsSchema } from "../pipeline/bounds.ts";

const milliseconds = z.number().min(0);

/** When something happens: when so many lines are written, and so many seconds after the first at the load's rate. */
const momentSchema = z.object({ line: z.int().min(0), seconds: z.number().min(0) });

/** A fault of the schedule: what is done to what, with the parameters of its kind, and when. */
const plannedFaultSchema = z.looseObject({
  kind: z.string(),
  target: z.string(),
  /** Injected when this share of the lines is written, from 0 to 1. */
  at: z.number().min(0),
  /** Healed when this share is; absent for one that ends by itself. */
  until: z.number().min(0).optional(),
  /** What is counted before it heals. */
  audit: z.string().optional(),
  /** The same as lines and seconds; `healed` is null for one that ends by itself. */
  injected: momentSchema,
  healed: momentSchema.nullable(),
  /** What evidence is asked of it, without which the verdict is `unknown`. */
  expected: z.string(),
  /** The parts of which it ends a process: what that counted of itself is not known to be all. */
  ends: z.array(z.string()),
  /** Whether the shipper's retries run while it holds. */
  stopsShipper: z.boolean(),
});

/** When a shipper that is refused gives a batch up: never before `earliestMs`, always by `latestMs`. */
export const horizonSchema = z.object({ earliestMs: milliseconds, latestMs: milliseconds });

/** Everything that decides a run. Made before anything starts, printed by `--dry-run`, and the head of the run's document. */
export const planSchema = z.object({
  schema: z.literal("everyline/plan@2"),
  /** `NAME`, or `NAME/CASE`. */
  scenario: z.string(),
  /** What happens, in one sentence. */
  summary: z.string(),
  pipeline: z.string(),
  layout: z.string(),
  /** The parts that a line passes, in this order. */
  parts: z.array(z.string()),
  /** Where lines end up and are read back. */
  sink: z.string(),
  claim: z.object({ id: z.string(), text: z.string(), bounds: boundsSchema }),
  /** That the pipeline starts at all is claimed: a part that ends before the first line came through is a loss, and no doubt. */
  startIsClaimed: z.boolean(),
  /** Null for a new one each run. */
  seed: z.string().nullable(),
  load: z.object({
    lines: z.int().min(1),
    linesPerSecond: z.number().positive(),
    /** How long it takes at that rate. */
    seconds: z.number().min(0),
    /** How many files they are dealt over. */
    sources: z.int().min(1),
    by: z.enum(sourceNames),
    /** How an application writes its file. */
    app: z.object({ rotateBytes: z.number().optional(), blockBytes: z.number().optional() }).optional(),
  }),
  /** What the shipper's retry periods are multiplied by. */
  timeScale: z.number().positive(),
  /** How the shipper tries again, its periods multiplied already, and when it gives up by that; null where it is not known. */
  retries: z
    .object({
      backoff: z.object({
        minPeriodMs: milliseconds,
        maxPeriodMs: milliseconds,
        maxRetries: z.int().min(0),
        tryTimeoutMs: milliseconds,
      }),
      /** Null for one that never gives up. */
      horizon: horizonSchema.nullable(),
    })
    .nullable(),
  /** A long outage that is held for a short time only: what the times of the lines that are written meanwhile are spread over. */
  timeLapse: z
    .object({
      outageSeconds: z.number().positive(),
      backlog: z.object({ lines: z.int(), spanMs: z.number(), sentinelAgeMs: z.number() }),
    })
    .nullable(),
  /** How long lines that are still on their way are waited for; null for the run's own bound. */
  settleSeconds: z.number().positive().nullable(),
  /** Variables of the Compose file that the scenario sets otherwise than the pipeline says. */
  variables: z.record(z.string(), z.string()),
  /** `references`: the first that the engine has or can be given; none where the user's own Compose file names the image. */
  images: z.array(z.object({ services: z.array(z.string()), references: z.array(z.string()) })),
  /** A control run breaks nothing, and its verdict cannot be `holds`. */
  isControl: z.boolean(),
  schedule: z.array(plannedFaultSchema),
  /** What else is asked, whatever the faults are, without which the verdict is `unknown`. */
  expected: z.array(z.string()),
  /** The arguments of `everyline` that carry it out again. */
  command: z.array(z.string()),
});

/**
 * A plan as far as it is known of a stored run: of those that versions before `everyline/run@2` stored only what was to be run and what was
 * claimed.
 */
export const knownPlanSchema = planSchema.partial({
  summary: true,
  parts: true,
  startIsClaimed: true,
  load: true,
  timeScale: true,
  retries: true,
  timeLapse: true,
  settleSeconds: true,
  images: true,
  isControl: true,
  schedule: true,
  expected: true,
  command: true,
});

export type Plan = z.infer<typeof planSchema>;
export type KnownPlan = z.infer<typeof knownPlanSchema>;
export type PlannedFault = Plan["schedule"][number];
