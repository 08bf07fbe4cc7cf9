import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";

/** What to do about an error that the sink returned. `setting` is a setting in `file`, the user's `everyline.config.yaml`. */
const readHintSchema = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("publish-port"),
    service: z.string(),
    port: z.int().nullable(),
    setting: z.string(),
  }),
  z.object({ code: z.literal("set-tenant"), setting: z.string(), file: z.string() }),
  z.object({ code: z.literal("set-credentials"), settings: z.array(z.string()), file: z.string() }),
  /** `apiPath`: the beginning of all paths of the sink's API. */
  z.object({ code: z.literal("set-address"), setting: z.string(), file: z.string(), apiPath: z.string() }),
]);

const lastWords = z.string();
/** Killed because its memory was used up. */
const isOutOfMemory = z.boolean().optional();

/** Nothing listens at the port of an instance at which it is asked; `listening` are those at which something does. */
const deafSchema = z.object({ instance: z.string(), port: z.int(), listening: z.array(z.int()) });

const unreadable = { problem: readProblemSchema, hint: readHintSchema.nullable() };

/**
 * Why the run could not prove, before the first fault, that its lines reach the sink and can be told from others. `lastWords` are the last
 * lines that the instance logged.
 */
export const proofFailureSchema = z.preprocess(
  fromMessage,
  z.discriminatedUnion("code", [
    /** Something removed or replaced an instance. */
    z.object({ code: z.literal("gone"), instance: z.string(), lastWords }),
    z.object({
      code: z.literal("ended"),
      instance: z.string(),
      exitCode: z.int().nullable(),
      isOutOfMemory,
      lastWords,
    }),
    /** It was started again `starts` times within `afterSeconds`; `exitCode` is that of its last end, if it was seen. */
    z.object({
      code: z.literal("crash-loop"),
      instance: z.string(),
      starts: z.int(),
      afterSeconds: z.int(),
      exitCode: z.int().nullable(),
      isOutOfMemory,
      lastWords,
    }),
    /** `answer`: what it answered when it was asked whether it is ready, or why it did not answer; absent in earlier versions. */
    z.object({
      code: z.literal("not-ready"),
      instance: z.string(),
      afterSeconds: z.int(),
      answer: z.string().optional(),
      deaf: deafSchema.optional(),
      lastWords,
    }),
    /** The sink, or a proxy in front of it, returns an error. */
    z.object({ code: z.literal("unreadable"), ...unreadable }),
    z.object({
      code: z.literal("no-sentinel"),
      /** The shipper's. */
      instance: z.string(),
      afterSeconds: z.int(),
      lastWords,
      /** The last answer of the sink, if it was an error. */
      unreadable: z.object(unreadable).nullable(),
      /** The number of lines that the sink refused, by its reason. */
      discarded: z.record(z.string(), z.number()),
      /** A text that contains the mark of the run, but is not one of its lines. */
      altered: z.string().nullable(),
    }),
    /** Lines of other programs arrive in a stream of the run, where they cannot be distinguished from damaged lines. */
    z.object({
      code: z.literal("lines-of-others"),
      selector: z.string(),
      stream: z.string(),
      lines: z.int(),
      sample: z.string(),
    }),
    /** A sentence that an earlier version stored. */
    z.object({ code: z.literal("told"), hasEnded: z.boolean(), text: z.string() }),
  ]),
);

export type ProofFailure = z.infer<typeof proofFailureSchema>;
export type DeafPort = z.infer<typeof deafSchema>;
export type ReadHint = z.infer<typeof readHintSchema>;

/** Whether a process of a part ended or its container is gone, so that no line can arrive any more. */
export function hasPartEnded(failure: ProofFailure): boolean {
  return failure.code === "told" ? failure.hasEnded : ["gone", "ended", "crash-loop"].includes(failure.code);
}

/** Recordings of earlier versions contain a message, and whether a process had ended. */
function fromMessage(failure: unknown): unknown {
  const { message: text, hasEnded } = (failure ?? {}) as { message?: unknown; hasEnded?: unknown };
  return typeof text === "string" ? { code: "told", hasEnded, text } : failure;
}
