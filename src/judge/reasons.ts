import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";
import { toldSchema } from "../base/told.ts";
import { mountDifferenceSchema } from "../places/mount-difference.ts";
import { stackChangeSchema } from "../places/stack-change.ts";
import { proofFailureSchema } from "./proof-failure.ts";

const count = z.int().min(0);
const unixMs = z.number();

/** A bound of the claim that was not kept, with what was measured and what is allowed. */
const breaches = [
  z.object({ code: z.literal("lost"), lines: count, written: count, most: count }),
  /** Over how long the lost lines were written; null where the ledger does not tell. */
  z.object({ code: z.literal("lost-window"), seconds: z.number().nullable(), below: z.number() }),
  /** How old the youngest lost line was when the last fault ended; null where it cannot be told. */
  z.object({ code: z.literal("lost-young"), ageSeconds: z.number().nullable(), atLeast: z.number() }),
  z.object({ code: z.literal("recovery-point"), seconds: z.number(), below: z.number() }),
  z.object({ code: z.literal("duplicated"), copies: count, most: count }),
  z.object({
    code: z.literal("damaged"),
    damage: z.enum(["corrupted", "truncated", "merged", "unexpected"]),
    lines: count,
  }),
] as const;

/** Why what was read back is not known to be all there is: a line that is missing may only not have been seen. */
const readingDoubts = [
  /** Before anything was broken no line came through, or not those of the run alone. */
  z.object({ code: z.literal("not-proven"), failure: proofFailureSchema }),
  /** A file that a container mounts differs from the user's. */
  z.object({ code: z.literal("other-file"), difference: mountDifferenceSchema }),
  /** An observer on whose sight the verdict rests failed, so that not everything was seen. */
  z.object({ code: z.literal("observer-failed"), observer: z.string(), message: z.string() }),
  /** A reading was broken off. */
  z.object({ code: z.literal("not-read"), problem: readProblemSchema }),
  /** The run stopped waiting before it was known that nothing more would come. */
  z.object({
    code: z.literal("not-settled"),
    waitedMs: z.number(),
    silentMs: z.number(),
    /** Whether the parts counted lines that were on their way. */
    isUnderWay: z.boolean(),
  }),
  /** A fault killed the sink before it had a line. */
  z.object({ code: z.literal("nothing-to-lose") }),
  /** Something else than the run started, stopped or removed a container. */
  z.object({ code: z.literal("stack-changed"), changes: z.array(stackChangeSchema) }),
  /** A control run, in which nothing is broken. */
  z.object({ code: z.literal("control-run") }),
  /** Lines were readable during the run and not afterwards, though the sink was not started in between. */
  z.object({
    code: z.literal("unread-again"),
    lines: count,
    first: z.object({ source: z.string(), sequence: z.int(), atMs: unixMs }),
  }),
  /** The sink has lines that Kafka, which they pass before, did not have. */
  z.object({ code: z.literal("beyond-kafka"), lines: count }),
  /** Readings differ: in how many lines they delivered, or in which. */
  z.object({ code: z.literal("readings-differ"), delivered: z.array(count) }),
  /** A file of the recording holds another number of lines than the run wrote into it. */
  z.object({ code: z.literal("file-shortened"), file: z.string(), lines: count, written: count }),
  /** A file of the recording is missing or cannot be read. */
  z.object({ code: z.literal("file-unreadable"), file: z.string(), message: z.string() }),
] as const;

/** Why nothing was put to the test, or what was promised could not be measured. */
const vacuities = [
  z.object({ code: z.literal("recovery-point-unmeasured") }),
  /** The recovery point may be shorter than this. */
  z.object({ code: z.literal("recovery-point-at-most"), seconds: z.number() }),
  z.object({ code: z.literal("nothing-written") }),
  /** `fault`: which one of the document. */
  z.object({ code: z.literal("fault-ineffective"), fault: count }),
  z.object({ code: z.literal("fault-without-lines"), fault: count }),
] as const;

/** What belongs to a verdict that is not `holds` without leading to it. */
const remarks = [
  z.object({ code: z.literal("files-unchecked"), files: count }),
  z.object({ code: z.literal("not-started"), failure: proofFailureSchema }),
  /** Streams that the selector matches and that hold no line of the run. */
  z.object({ code: z.literal("streams-left-out"), selector: z.string(), streams: count, first: z.string() }),
  /** The sink was not told to write to its store, since the newest line carries a time that is to come. */
  z.object({ code: z.literal("not-flushed"), aheadMs: z.number() }),
  /** A reading that was repeated, since what the sink answered did not fit what it counted. */
  z.object({ code: z.literal("read-again"), reading: z.string(), problem: readProblemSchema }),
  /** By how much the times of lines differ from this machine's clock; positive where they are ahead. */
  z.object({ code: z.literal("clock-skew"), skewMs: z.number() }),
  z.object({ code: z.literal("kafka-not-read"), problem: readProblemSchema }),
  /** What the sink says that it recovered from its write-ahead log; null where it did not say. */
  z.object({
    code: z.literal("log-replayed"),
    replay: z
      .object({
        recoveredEntries: z.number(),
        corruptions: z.number(),
        /** The sink's metrics that say so, in this order. */
        metrics: z.tuple([z.string(), z.string()]),
      })
      .nullable(),
  }),
] as const;

/** The reasons in which documents of earlier versions have a message, and what has its place now. */
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

/** What led to a verdict that is not `holds`, as figures. Sentences are made by reports alone. */
export const reasonSchema = z.preprocess(
  fromMessage,
  z.discriminatedUnion("code", [...breaches, ...readingDoubts, ...vacuities, ...remarks, toldSchema]),
);

export type Reason = z.infer<typeof reasonSchema>;
export type Breach = z.infer<(typeof breaches)[number]>;
export type ReadingDoubt = z.infer<(typeof readingDoubts)[number]> | z.infer<typeof toldSchema>;
export type Doubt = ReadingDoubt | z.infer<(typeof vacuities)[number]>;
export type Remark = z.infer<(typeof remarks)[number]> | z.infer<typeof toldSchema>;
export const remarkSchema = z.preprocess(fromMessage, z.discriminatedUnion("code", [...remarks, toldSchema]));

const breachCodes: ReadonlySet<string> = new Set(breaches.map(({ shape }) => shape.code.value));
const readingDoubtCodes: ReadonlySet<string> = new Set(readingDoubts.map(({ shape }) => shape.code.value));

/** Whether a reason is a bound that was not kept. */
export function isBreach(reason: Reason): reason is Breach {
  return breachCodes.has(reason.code);
}

/** Whether a reason leaves open if a line that is missing is lost; of a sentence of an earlier version nobody knows. */
export function leavesLossOpen({ code }: Reason): boolean {
  return readingDoubtCodes.has(code) || code === "told";
}
