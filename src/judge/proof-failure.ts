import { z } from "zod";
import { readProblemSchema } from "../base/read-problem.ts";

/** What to do about an answer of the sink that is none. `setting`: one of `everyline.config.yaml`, which `file` is. */
const readHintSchema = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("publish-port"),
    service: z.string(),
    port: z.int().nullable(),
    setting: z.string(),
  }),
  z.object({ code: z.literal("set-tenant"), setting: z.string(), file: z.string() }),
  z.object({ code: z.literal("set-credentials"), settings: z.array(z.string()), file: z.string() }),
  /** `apiPath`: what the paths of the sink's API begin with. */
  z.object({ code: z.literal("set-address"), setting: z.string(), file: z.string(), apiPath: z.string() }),
]);

const unreadable = { problem: readProblemSchema, hint: readHintSchema.nullable() };
const lastWords = z.string();

/** Why no line came through before anything was broken, or not those of the run alone; `lastWords` are the last lines of an instance. */
export const proofFailureSchema = z.preprocess(
  fromMessage,
  z.discriminatedUnion("code", [
    /** Something removed or replaced an instance. */
    z.object({ code: z.literal("gone"), instance: z.string(), lastWords }),
    z.object({ code: z.literal("ended"), instance: z.string(), exitCode: z.int().nullable(), lastWords }),
    z.object({ code: z.literal("not-ready"), instance: z.string(), afterSeconds: z.int(), lastWords }),
    /** The sink, or whoever stands before it, answers something else than lines. */
    z.object({ code: z.literal("unreadable"), ...unreadable }),
    z.object({
      code: z.literal("no-sentinel"),
      /** The shipper's. */
      instance: z.string(),
      afterSeconds: z.int(),
      lastWords,
      /** What the sink answered last, if it was not what was asked for. */
      unreadable: z.object(unreadable).nullable(),
      /** Lines that the sink counts as refused, by its reasons. */
      discarded: z.record(z.string(), z.number()),
      /** A text that bears the mark of the run, but is none of its lines. */
      altered: z.string().nullable(),
    }),
    /** Lines of others come into a stream of the run's own, where they cannot be told from damaged ones. */
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
export type ReadHint = z.infer<typeof readHintSchema>;

/** Whether a part's process ended or is gone, so that no line will ever come. */
export function hasPartEnded(failure: ProofFailure): boolean {
  return failure.code === "told" ? failure.hasEnded : failure.code === "gone" || failure.code === "ended";
}

/** Recordings of earlier versions have a message and whether a process had ended. */
function fromMessage(failure: unknown): unknown {
  const { message: text, hasEnded } = (failure ?? {}) as { message?: unknown; hasEnded?: unknown };
  return typeof text === "string" ? { code: "told", hasEnded, text } : failure;
}
