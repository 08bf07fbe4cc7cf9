import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { toldSchema } from "../base/told.ts";
import { mountDifferenceSchema } from "../places/mount-difference.ts";
import { stackChangeSchema } from "../places/stack-change.ts";
import { judgedBlindSpotSchema } from "./alerts-document.ts";
import { proofFailureSchema } from "./proof-failure.ts";

const count = z.int().min(0);
const unixMs = z.number();

/** Bounds of the claim that were broken, with the measured and the allowed figures. */
const breaches = [
  z.object({ code: z.literal("lost"), lines: count, written: count, most: count }),
  /** The length of the time in which the lost lines were written; null if the ledger does not contain it. */
  z.object({ code: z.literal("lost-window"), seconds: z.number().nullable(), below: z.number() }),
  /** How old the youngest lost line was when the last fault ended; null if that is not known. */
  z.object({ code: z.literal("lost-young"), ageSeconds: z.number().nullable(), atLeast: z.number() }),
  z.object({ code: z.literal("recovery-point"), seconds: z.number(), below: z.number() }),
  /** How long after the last fault the last line that was written during a fault became readable. */
  z.object({ code: z.literal("recovery-time"), seconds: z.number(), most: z.number() }),
  z.object({ code: z.literal("duplicated"), copies: count, most: count }),
  z.object({
    code: z.literal("damaged"),
    damage: z.enum(["corrupted", "truncated", "merged", "unexpected"]),
    lines: count,
  }),
  /** Lines were lost, and no alert fired. Only for a run in which alerts are expected. */
  z.object({ code: z.literal("silent-loss"), lines: count, rules: count }),
  /** An alert that the scenario makes fire did not, was not delivered, or did not end. `pendingSeconds`: how long it was pending, if it was. */
  z.object({
    code: z.literal("alert-missed"),
    alert: z.string(),
    what: z.enum(["not-fired", "not-delivered", "not-ended"]),
    pendingSeconds: z.number().min(0).nullable(),
  }),
] as const;

/** Reasons why not everything may have been read back, so that a missing line is not known to be lost. */
const readingDoubts = [
  /** Before the first fault, no line reached the sink, or foreign lines could not be told from the run's. */
  z.object({ code: z.literal("not-proven"), failure: proofFailureSchema }),
  /** A file that a container mounts differs from the user's. */
  z.object({ code: z.literal("other-file"), difference: mountDifferenceSchema }),
  /** An observer failed on which the verdict depends, so that not everything was observed. */
  z.object({ code: z.literal("observer-failed"), observer: z.string(), message: z.string() }),
  /** A reading could not be completed. */
  z.object({ code: z.literal("not-read"), problem: readProblemSchema }),
  /** The run stopped waiting before it was known that no more lines would arrive. */
  z.object({
    code: z.literal("not-settled"),
    waitedMs: z.number(),
    silentMs: z.number(),
    /** Whether the counters of the parts showed lines in flight. */
    isUnderWay: z.boolean(),
  }),
  /** A fault killed the sink before any line was in it, so it had nothing to lose. */
  z.object({ code: z.literal("nothing-to-lose") }),
  /** Something other than the run started, stopped or removed a container. */
  z.object({ code: z.literal("stack-changed"), changes: z.array(stackChangeSchema) }),
  /** A control run, in which no fault is injected. */
  z.object({ code: z.literal("control-run") }),
  /** Lines were readable during the run and not afterwards, although the sink was not restarted in between. */
  z.object({
    code: z.literal("unread-again"),
    lines: count,
    first: z.object({ source: z.string(), sequence: z.int(), atMs: unixMs }),
  }),
  /** The sink has lines that were not found in Kafka, although all lines pass through it. */
  z.object({ code: z.literal("beyond-kafka"), lines: count }),
  /** The readings returned different numbers of lines, or different lines. */
  z.object({ code: z.literal("readings-differ"), delivered: z.array(count) }),
  /**
   * Lines came back intact, but with other text around them than the first line had. That text is not what the load wrote, so it is not known
   * whether it is as it should be. `first` is one of the stored texts.
   */
  z.object({ code: z.literal("frame-varies"), lines: count, first: z.string() }),
  /** A file of the recording does not contain as many lines as the run wrote into it. */
  z.object({ code: z.literal("file-shortened"), file: z.string(), lines: count, written: count }),
  /** A file of the recording is missing or cannot be read. */
  z.object({ code: z.literal("file-unreadable"), file: z.string(), message: z.string() }),
] as const;

/**
 * Reasons why not everything may have been observed that a pipeline must not do, although the lines that are missing are known to be lost.
 * They allow `broken`, and not `holds`.
 */
const reservations = [
  /** Some readings have a few lines that others lack, fewer than all of them lack. */
  z.object({ code: z.literal("some-lines-differ"), lines: count }),
  /** The reading before the flush contradicted the sink's counts in each attempt, so that only the one after the flush is judged. */
  z.object({ code: z.literal("reading-set-aside"), reading: z.string(), problem: readProblemSchema }),
  /** Lines were lost, and no alert was seen to fire, but it may have been missed. `spots`: how many times were not observed; the first. */
  z.object({
    code: z.literal("alerts-unobserved"),
    lines: count,
    spots: count,
    first: judgedBlindSpotSchema.nullable(),
    /** An alert that was still pending at the end and may have fired later; absent if there was none. */
    pending: z.string().optional(),
  }),
  /** Lines were lost, and alerts fired, but none of them was delivered. `first`: why that may not have been seen. */
  z.object({ code: z.literal("alerts-undelivered"), alerts: count, first: judgedBlindSpotSchema.nullable() }),
  /** An alert that the scenario makes fire was not seen to fire, or to be delivered, but that may have been missed. */
  z.object({ code: z.literal("alert-unseen"), alert: z.string(), first: judgedBlindSpotSchema.nullable() }),
] as const;

/** Reasons why the run did not test the claim, or could not measure what it promises. */
const vacuities = [
  z.object({ code: z.literal("recovery-point-unmeasured") }),
  /** The recovery point may be shorter than this. */
  z.object({ code: z.literal("recovery-point-at-most"), seconds: z.number() }),
  /** `lines`: how many lines that were written during a fault came back without it being known when; null if none was seen to arrive. */
  z.object({ code: z.literal("recovery-unmeasured"), lines: count.nullable() }),
  /** The recovery was seen to take longer than promised, by no more than may pass before a line that has arrived is seen. */
  z.object({ code: z.literal("recovery-at-most"), seconds: z.number(), most: z.number() }),
  z.object({ code: z.literal("nothing-written") }),
  /** `fault`: its index in the document. */
  z.object({ code: z.literal("fault-ineffective"), fault: count }),
  z.object({ code: z.literal("fault-without-lines"), fault: count }),
] as const;

/** Further information for a verdict that is not `holds`, which is not a reason for it. */
const remarks = [
  z.object({ code: z.literal("files-unchecked"), files: count }),
  z.object({ code: z.literal("not-started"), failure: proofFailureSchema }),
  /** Streams that the selector matches, but that contain no line of the run. */
  z.object({ code: z.literal("streams-left-out"), selector: z.string(), streams: count, first: z.string() }),
  /** The sink was not told to write to its store, because the time of the newest line is in the future. */
  z.object({ code: z.literal("not-flushed"), aheadMs: z.number() }),
  /** A reading was repeated, because the lines that the sink returned did not fit its count. */
  z.object({ code: z.literal("read-again"), reading: z.string(), problem: readProblemSchema }),
  /** By how much the times of lines differ from this machine's clock; positive if they are ahead. */
  z.object({ code: z.literal("clock-skew"), skewMs: z.number() }),
  z.object({ code: z.literal("kafka-not-read"), problem: readProblemSchema }),
  /** What the sink recovered from its write-ahead log, according to its metrics; null if they could not be read. */
  z.object({
    code: z.literal("log-replayed"),
    replay: z
      .object({
        recoveredEntries: z.number(),
        corruptions: z.number(),
        /** The metrics with these figures, in this order. */
        metrics: z.tuple([z.string(), z.string()]),
      })
      .nullable(),
  }),
] as const;

/** The reasons that contain a message in documents of earlier versions, and the field that replaces it. */
const formerMessages: Readonly<Record<string, (message: string) => object>> = {
  "not-proven": (text) => ({ failure: { code: "told", hasEnded: false, text } }),
  "not-started": (text) => ({ failure: { code: "told", hasEnded: true, text } }),
  "other-file": (difference) => ({ difference }),
  "not-read": (problem) => ({ problem }),
  "kafka-not-read": (problem) => ({ problem }),
};

function fromMessage(reason: unknown): unknown {
  const { code, message } = (reason ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== "string" || typeof message !== "string") return reason;
  const former = formerMessages[code];
  return former === undefined ? reason : { code, ...former(message) };
}

/** A reason for a verdict that is not `holds`, or a remark, as figures. Only reports make sentences of them. */
export const reasonSchema = z.preprocess(
  fromMessage,
  z.discriminatedUnion("code", [
    ...breaches,
    ...readingDoubts,
    ...reservations,
    ...vacuities,
    ...remarks,
    toldSchema,
  ]),
);

export type Reason = z.infer<typeof reasonSchema>;
export type Breach = z.infer<(typeof breaches)[number]>;
export type ReadingDoubt = z.infer<(typeof readingDoubts)[number]> | z.infer<typeof toldSchema>;
export type Reservation = z.infer<(typeof reservations)[number]>;
export type Doubt = ReadingDoubt | Reservation | z.infer<(typeof vacuities)[number]>;
export type Remark = z.infer<(typeof remarks)[number]> | z.infer<typeof toldSchema>;
export const remarkSchema = z.preprocess(fromMessage, z.discriminatedUnion("code", [...remarks, toldSchema]));

const breachCodes: ReadonlySet<string> = new Set(breaches.map(({ shape }) => shape.code.value));
const remarkCodes: ReadonlySet<string> = new Set(remarks.map(({ shape }) => shape.code.value));
const readingDoubtCodes: ReadonlySet<string> = new Set(readingDoubts.map(({ shape }) => shape.code.value));

/** Whether a reason is a broken bound. */
export function isBreach(reason: Reason): reason is Breach {
  return breachCodes.has(reason.code);
}

/** Whether missing lines may not be lost because of this reason; assumed for a sentence of an earlier version. */
export function leavesLossOpen({ code }: Reason): boolean {
  return readingDoubtCodes.has(code) || code === "told";
}

/** Whether a reason leaves only open whether a loss was noticed. */
export function isAboutNotice({ code }: Reason): boolean {
  return code === "alerts-unobserved" || code === "alerts-undelivered" || code === "alert-unseen";
}

/** Whether it is further information, and no reason for the verdict. */
export function isRemark({ code }: Reason): boolean {
  return remarkCodes.has(code);
}
