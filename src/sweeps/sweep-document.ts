import { z } from "zod";
import { machineSchema } from "../judge/run-surroundings.ts";
import { verdicts } from "../plan/verdict.ts";

const count = z.int().min(0);
const seconds = z.number().min(0);

/** One run of a sweep. Its folder is in the sweep's folder, under its id. */
const sweptRunSchema = z.object({
  runId: z.string(),
  /** The verdict on the run's own claim; `unknown` for a run that failed. */
  verdict: z.enum(verdicts),
  /** The codes of the reasons for it. */
  reasons: z.array(z.string()),
  /** Why the run came to no end; null if it did. */
  failure: z.string().nullable(),
  /** `held`: no line was lost, and everything was proven. `lost`: lines were certainly lost. */
  outcome: z.enum(["held", "lost", "unknown"]),
  written: count,
  lost: count,
  /** The factor by which the shipper's retry periods were multiplied; 1 in real time. */
  timeScale: z.number().positive(),
  /**
   * How long the outage was that the run stands for: at least from when the fault held until it began to heal, at most from when it was asked
   * for until the first line was seen to arrive after it. Both divided by the time scale. `atMost` is null if nothing arrived after it. Null
   * as a whole if no fault held.
   */
  outage: z.object({ atLeastSeconds: seconds, atMostSeconds: seconds.nullable() }).nullable(),
  /**
   * What was still to come when the fault began to heal: lines that were certainly written by then and not seen to arrive. `waitSeconds`: from then until
   * the first of them was seen to arrive. Null if no fault held.
   */
  backlog: z
    .object({ lines: count, waitSeconds: seconds.nullable(), recoverySeconds: seconds.nullable() })
    .nullable(),
});

/** The runs of one length or size. `nominal`: whole seconds of outage, or lines that are to be written during it. */
const sweepStepSchema = z.object({ nominal: count, runs: z.array(sweptRunSchema) });

const common = {
  schema: z.literal("everyline/sweep@1"),
  sweepId: z.string(),
  startedAt: z.iso.datetime(),
  /** When the last run ended; null while the sweep goes on, and if it was killed. */
  finishedAt: z.iso.datetime().nullable(),
  scenario: z.string(),
  pipeline: z.string(),
  layout: z.string(),
  /** The arguments of `everyline` that repeat the sweep. */
  command: z.array(z.string()),
  /** Of the first run that came to an end; null if none did. */
  machine: machineSchema.nullable(),
  images: z.array(z.string()),
  /**
   * `done`: everything was tried that was wanted. `time`: the next run would not have fit the budget. `runs`: no more runs were allowed. `failure`:
   * several runs in a row failed.
   */
  ended: z.enum(["done", "time", "runs", "failure", "interrupted"]),
  steps: z.array(sweepStepSchema),
  verdict: z.enum(verdicts),
};

const claim = z.object({ seconds, text: z.string(), source: z.string() }).nullable();

/** Outages of several lengths. */
const outageSweepSchema = z.object({
  ...common,
  of: z.literal("outage"),
  wanted: z.object({
    shortestSeconds: count,
    longestSeconds: count,
    width: z.number().positive(),
    runs: z.int().min(1),
  }),
  /** The longest outage that is claimed to lose nothing; null if nothing is claimed. */
  claim,
  /** What the steps say; see `FoundBounds`. */
  bounds: z.object({
    heldSeconds: seconds.nullable(),
    lostSeconds: seconds.nullable(),
    inversions: z.array(seconds),
    mixed: z.array(seconds),
    undecided: z.array(seconds),
  }),
  /** Runs at the bounds in real time. They move no bound, and count for the verdict. */
  straddle: z.array(sweepStepSchema),
  why: z.enum(["held", "lost", "no-claim", "not-monotonic", "between", "not-measured"]),
});

/** Backlogs of several sizes. */
const linesSweepSchema = z.object({
  ...common,
  of: z.literal("lines"),
  wanted: z.object({ fewestLines: count, mostLines: count, runs: z.int().min(1) }),
  /** Within which time everything is claimed to be readable; null if nothing is claimed. */
  claim,
  /** The straight line that fits the recovery times best, which describes these runs and predicts nothing; null for fewer than three. */
  fit: z
    .object({ startSeconds: z.number(), secondsPerThousand: z.number(), worstSeconds: seconds })
    .nullable(),
  why: z.enum(["judged", "ended-early", "no-claim", "not-measured"]),
});

/** `REPORTS/SWEEP_ID/sweep.json`, from which the other formats are made. */
export const sweepDocumentSchema = z.discriminatedUnion("of", [outageSweepSchema, linesSweepSchema]);

export type SweptRun = z.infer<typeof sweptRunSchema>;
export type SweepStep = z.infer<typeof sweepStepSchema>;
export type OutageSweep = z.infer<typeof outageSweepSchema>;
export type LinesSweep = z.infer<typeof linesSweepSchema>;
export type SweepDocument = z.infer<typeof sweepDocumentSchema>;
