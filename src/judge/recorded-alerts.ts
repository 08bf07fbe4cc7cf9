import { z } from "zod";

const unixMs = z.number().min(0);
const count = z.int().min(0);
const labels = z.record(z.string(), z.string());

/** The maximum number of activations, and of deliveries, that a recording lists. */
export const maxListedAlerts = 2_000;

/** A rule by its set and its name; the set is the name of the rule's file without its ending. */
const ruleName = { set: z.string(), alert: z.string() };

/** One alert from the moment when its condition became true to the moment when it no longer was. */
const activationSchema = z.object({
  ...ruleName,
  labels,
  activeAtMs: unixMs,
  /** The evaluation that first showed it firing; null if it never fired. */
  firedAtMs: unixMs.nullable(),
  /** The evaluation that first no longer showed it; null if it was active when watching ended. */
  endedAtMs: unixMs.nullable(),
});

/** What Alertmanager told its receiver of one alert. */
const deliverySchema = z.object({
  ...ruleName,
  atMs: unixMs,
  isResolved: z.boolean(),
  labels,
});

/** A time in which alerts may have been missed, and why. */
export const blindSpotSchema = z.object({
  /** What was not seen, or did not look itself: all rules, those of a set, a group or one rule, or what was delivered. */
  what: z.enum(["prometheus", "set", "group", "rule", "alertmanager", "receiver"]),
  /** The rule set, and the name of the group or rule in it; null for the others. */
  set: z.string().nullable(),
  name: z.string().nullable(),
  fromMs: unixMs,
  toMs: unixMs,
  problem: z.discriminatedUnion("code", [
    /** It did not answer, or not as it should. */
    z.object({ code: z.literal("no-answer"), message: z.string() }),
    /** Its process has ended; the last words that it logged. */
    z.object({ code: z.literal("ended"), exitCode: z.int(), lastWords: z.string() }),
    /** The expression could not be evaluated. */
    z.object({ code: z.literal("evaluation-failed"), message: z.string() }),
    /** Prometheus has not loaded it. */
    z.object({ code: z.literal("not-loaded") }),
    /** It was not evaluated for longer than three of its intervals. */
    z.object({ code: z.literal("not-evaluated"), intervalMs: z.number() }),
  ]),
});

/** How the earliest moment of a loss is known. */
export const lossBases = [
  "shipper-dropped",
  "sink-refused",
  "kafka-deleted",
  "dead-lettered",
  "written",
] as const;

/** When a count of the parts first showed a loss: after `notBeforeMs`, when it did not, and at the latest at `seenAtMs`. */
const lossSignalSchema = z.object({
  basis: z.enum(lossBases).exclude(["written"]),
  notBeforeMs: unixMs,
  seenAtMs: unixMs,
});

/** What a run observed of alerts, as figures. */
export const recordedAlertsSchema = z.object({
  /** From the first lines' arrival, since when alerts count, to the end of watching; null if no lines arrived. */
  watched: z.object({ fromMs: unixMs, toMs: unixMs }).nullable(),
  /** How long it may take until a rule's condition is true because of what happened: one reading of the metrics and one evaluation. */
  lagMs: z.number().min(0),
  /** The rules that were loaded. */
  rules: z.array(z.object({ ...ruleName, severity: z.string().nullable(), forMs: z.number().min(0) })),
  activations: z.array(activationSchema).max(maxListedAlerts),
  deliveries: z.array(deliverySchema).max(maxListedAlerts),
  /** That it is not known what was delivered, because there was nothing to ask; absent if there was. */
  isDeliveryUnknown: z.literal(true).optional(),
  /** That alerts which were pending at the end may have fired later, because their periods may be longer than a run; absent if they are scaled. */
  isOpenEnded: z.literal(true).optional(),
  /** The numbers of further activations and deliveries. */
  omitted: z.object({ activations: count, deliveries: count }),
  blindSpots: z.array(blindSpotSchema),
  lossSignals: z.array(lossSignalSchema),
});

export type RecordedAlerts = z.infer<typeof recordedAlertsSchema>;
export type Activation = z.infer<typeof activationSchema>;
export type Delivery = z.infer<typeof deliverySchema>;
export type BlindSpot = z.infer<typeof blindSpotSchema>;
export type LossSignal = z.infer<typeof lossSignalSchema>;
export type LossBasis = (typeof lossBases)[number];

/** The recording of a run in which alerts were to be observed, and were not. */
export const nothingObserved: RecordedAlerts = {
  watched: null,
  lagMs: 0,
  rules: [],
  activations: [],
  deliveries: [],
  omitted: { activations: 0, deliveries: 0 },
  blindSpots: [],
  lossSignals: [],
};
