import { z } from "zod";
import { sourceNames } from "../load/load-plan.ts";
import { boundsSchema } from "../pipeline/bounds.ts";

const milliseconds = z.number().min(0);

/** A moment of a run: the number of lines that are written by then, and the seconds since the first line at the load's rate. */
const momentSchema = z.object({ line: z.int().min(0), seconds: z.number().min(0) });

/** A fault of the schedule: its kind, its target, the parameters of the kind, and its times. */
const plannedFaultSchema = z.looseObject({
  kind: z.string(),
  target: z.string(),
  /** It is injected when this share of the lines is written; from 0 to 1. */
  at: z.number().min(0),
  /** It is healed when this share of the lines is written; absent for a fault that ends by itself. */
  until: z.number().min(0).optional(),
  /** What is read and counted before it heals: `kafka` or `site-b`. */
  audit: z.string().optional(),
  /** `at` and `until` as lines and seconds; `healed` is null for a fault that ends by itself. */
  injected: momentSchema,
  healed: momentSchema.nullable(),
  /** The evidence that the fault must show; without it the verdict is `unknown`. */
  expected: z.string(),
  /** The parts of which it ends a process. The counters of such a process may be incomplete. */
  ends: z.array(z.string()),
  /** Whether it prevents the shipper from delivering, so that the shipper's retries run out while it holds. */
  stopsShipper: z.boolean(),
});

/** When a shipper drops a batch that is refused: never before `earliestMs`, always by `latestMs`. */
export const horizonSchema = z.object({ earliestMs: milliseconds, latestMs: milliseconds });

/** Everything that decides a run. It is made before anything starts, printed by `--dry-run`, and stored as the head of the run document. */
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
  /** The kind of sink. */
  sink: z.string(),
  claim: z.object({ id: z.string(), text: z.string(), bounds: boundsSchema }),
  /**
   * Whether the claim is that the pipeline starts at all. Then a part that ends before the first line has arrived is a loss, not a doubt.
   */
  startIsClaimed: z.boolean(),
  /** Null in a plan that is not yet run: each run gets a new seed. */
  seed: z.string().nullable(),
  load: z.object({
    lines: z.int().min(1),
    linesPerSecond: z.number().positive(),
    /** How long writing takes at that rate. */
    seconds: z.number().min(0),
    /** The number of sources over which the lines are distributed. */
    sources: z.int().min(1),
    by: z.enum(sourceNames),
    /** The names of the files, if they are not `SOURCE.log`: `*` stands for the source. */
    fileNames: z.string().optional(),
    /** What is written for each line, if it is not Everyline's own JSON: `{line}` stands for the numbered line. */
    line: z.string().optional(),
    /** Settings of an application that writes the lines. */
    app: z.object({ rotateBytes: z.number().optional(), blockBytes: z.number().optional() }).optional(),
  }),
  /** The factor by which the shipper's retry periods are multiplied. */
  timeScale: z.number().positive(),
  /** The shipper's retries, with periods already multiplied by `timeScale`, and when they end; null if they are not known. */
  retries: z
    .object({
      backoff: z.object({
        minPeriodMs: milliseconds,
        maxPeriodMs: milliseconds,
        maxRetries: z.int().min(0),
        tryTimeoutMs: milliseconds,
        /** How long it tries at the most; absent if only the number of retries is limited, or nothing is. */
        maxElapsedMs: milliseconds.optional(),
      }),
      /** Null for a shipper that retries without end. */
      horizon: horizonSchema.nullable(),
    })
    .nullable(),
  /** A long outage that is simulated in a short time: the lines written meanwhile carry times spread over the whole outage. */
  timeLapse: z
    .object({
      outageSeconds: z.number().positive(),
      backlog: z.object({ lines: z.int(), spanMs: z.number(), sentinelAgeMs: z.number() }),
    })
    .nullable(),
  /** How long to wait for lines that are still on their way; null for the run's default. */
  settleSeconds: z.number().positive().nullable(),
  /** Variables of the Compose file that the scenario sets differently from the pipeline. */
  variables: z.record(z.string(), z.string()),
  /**
   * `references` are alternatives: the first one that exists or can be pulled or built is used. Empty if the user's own Compose file names
   * the image.
   */
  images: z.array(z.object({ services: z.array(z.string()), references: z.array(z.string()) })),
  /** Whether this is a control run, which injects no faults and whose verdict cannot be `holds`. */
  isControl: z.boolean(),
  schedule: z.array(plannedFaultSchema),
  /** What watches for alerts; null if nothing does. Absent in plans of earlier versions. */
  alerts: z
    .object({
      /** The factor by which all periods are multiplied: those of the rules, of reading metrics and of notifying. */
      timeScale: z.number().positive(),
      /** Empty for a custom pipeline, whose Prometheus has rules of the user's own. */
      ruleSets: z.array(z.string()),
      /** Whether a loss that no alert notices breaks the claim. */
      expected: z.boolean(),
      /** The alerts, as `SET/ALERT`, that have to fire, be delivered and end, or the claim is broken; none if absent. */
      mustFire: z.array(z.string()).optional(),
    })
    .nullable()
    .optional(),
  /** Evidence that is required independently of the faults; without it the verdict is `unknown`. */
  expected: z.array(z.string()),
  /** The arguments of `everyline` that repeat the run. */
  command: z.array(z.string()),
});

/**
 * The plan of a stored run as far as it is known: a run that was stored as `everyline/run@1` has only the scenario, the pipeline and the
 * claim.
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
