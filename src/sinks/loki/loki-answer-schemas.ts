import { z } from "zod";
import { messageOf } from "../../base/errors.ts";
import { ReadError } from "../../base/read-error.ts";
import type { AnsweredStream } from "./loki-entry.ts";

/** The sink's kind in a ReadError. */
const sink = "loki";

/** Warnings by which Loki says that an answer is incomplete. */
const warnings = z
  .array(z.string())
  .nullish()
  .refine((texts) => !texts?.length, {
    error: ({ input }) => `Loki itself warns of its answer: ${(input as string[]).join("; ").slice(0, 500)}`,
  });

export const seriesSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.array(z.record(z.string(), z.string())),
});

const streamsSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.object({
    resultType: z.literal("streams"),
    result: z.array(
      z.object({
        stream: z.record(z.string(), z.string()),
        // A third element carries structured metadata.
        values: z.array(z.tuple([z.string().regex(/^\d+$/), z.string()]).rest(z.unknown())),
      }),
    ),
  }),
});

export const statsSchema = z.object({ entries: z.number().min(0) });

export const vectorSchema = z.object({
  status: z.literal("success"),
  warnings,
  data: z.object({
    resultType: z.literal("vector"),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string().regex(/^\d+$/)]) })),
  }),
});

/**
 * Parses an answer of Loki's API and checks its shape.
 *
 * @param path the path of the request, for the error
 * @throws ReadError if the answer has another shape, for example that of a proxy's HTML page
 */
export function parsed<Answer>(schema: z.ZodType<Answer>, text: string, path: string): Answer {
  try {
    return schema.parse(JSON.parse(text));
  } catch (thrown) {
    if (/^\s*</.test(text)) throw new ReadError({ code: "page", sink, path, words: shortened(text) });
    const why = thrown instanceof z.ZodError ? z.prettifyError(thrown) : messageOf(thrown);
    throw new ReadError({ code: "malformed", sink, path, why, answer: null });
  }
}

/**
 * The streams in an answer to a log query, as JSON.
 *
 * @param path the path of the request, for the error
 * @throws ReadError if the answer has another shape, or Loki warns of it
 */
export function streamsInJson(text: string, path: string): AnsweredStream[] {
  return parsed(streamsSchema, text, path).data.result.map(({ stream: labels, values }) => ({
    labels,
    entries: values.map(([timestamp, line]) => ({ timestampNs: BigInt(timestamp), line, stream: labels })),
  }));
}

/** The beginning of an answer, and of an HTML page only its text: enough to identify what sent it. */
export function shortened(text: string): string {
  const words = /^\s*</.test(text) ? text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/gi, " ") : text;
  return words.trim().replace(/\s+/g, " ").slice(0, 500);
}
