import { z } from "zod";
import { orTold, toldSchema } from "./told.ts";

const count = z.int().min(0);
/** The kind of the sink that was read. */
const sink = z.string();

/** The sink did not answer, or answered something unexpected. */
const answers = [
  /** Its port is not published, so this machine cannot query it. */
  z.object({ code: z.literal("unpublished"), sink }),
  /** `message`: the error of the HTTP client. */
  z.object({ code: z.literal("unanswered"), sink, path: z.string(), message: z.string() }),
  /** `answer`: the text of the answer, which may be empty. */
  z.object({ code: z.literal("refused"), sink, status: z.int(), answer: z.string() }),
  /** An HTML page with a successful status. `words`: the text of the page. */
  z.object({ code: z.literal("page"), sink, path: z.string(), words: z.string() }),
  /** `why`: what is wrong with the answer. `answer`: its beginning; null if that does not help. */
  z.object({
    code: z.literal("malformed"),
    sink,
    path: z.string().nullable(),
    why: z.string(),
    answer: z.string().nullable(),
  }),
  z.object({ code: z.literal("no-time"), sink, text: z.string() }),
  z.object({ code: z.literal("out-of-order"), sink, stream: z.string() }),
  z.object({ code: z.literal("other-stream"), sink, stream: z.string(), answered: z.string() }),
] as const;

/** The lines that the sink returned contradict its counts. */
const sums = [
  /** `stream`: null for all streams together. */
  z.object({
    code: z.literal("counted-otherwise"),
    sink,
    stream: z.string().nullable(),
    answered: count,
    counted: count,
  }),
  /** It listed a stream, but counts no line of it. */
  z.object({ code: z.literal("named-uncounted"), sink, stream: z.string() }),
  /** The lines of the run, counted together and stream by stream. */
  z.object({ code: z.literal("streams-do-not-add-up"), sink, counted: count, sum: count }),
  /** All lines, counted together and by streams and halves of the time. */
  z.object({ code: z.literal("halves-do-not-add-up"), sink, counted: count, sum: count }),
  z.object({ code: z.literal("answered-uncounted"), sink }),
  z.object({ code: z.literal("counted-unanswered"), sink, lines: count }),
] as const;

/** It counts more than it answers, and too many lines are missing to ask for each. */
const unasked = [
  z.object({ code: z.literal("too-many-missing"), sink, hidden: count, missing: count }),
] as const;

/** The sink's limits are too low to read everything; `limits` are the names of its settings. */
const limits = [
  z.object({
    code: z.literal("range-limited"),
    sink,
    limits: z.array(z.string()),
    longestMs: z.number(),
    rangeSeconds: z.number(),
  }),
  z.object({
    code: z.literal("answer-limited"),
    sink,
    limits: z.array(z.string()),
    most: count,
    answered: count,
    counted: count,
  }),
  z.object({
    code: z.literal("age-limited"),
    sink,
    limits: z.array(z.string()),
    oldestSeconds: z.number(),
    firstLineSeconds: z.number(),
  }),
  z.object({ code: z.literal("moment-too-full"), sink, stream: z.string(), most: count }),
  z.object({
    code: z.literal("too-many-streams"),
    sink,
    selector: z.string(),
    most: count,
    streams: count,
  }),
  /** Lines of the run have times outside of the range that was read, which is given in Unix milliseconds. */
  z.object({ code: z.literal("other-times"), sink, lines: count, fromMs: z.number(), toMs: z.number() }),
] as const;

/** The sink did not finish writing its memory to its store in time. */
const stores = [
  z.object({ code: z.literal("still-flushing"), sink, afterSeconds: z.number() }),
  z.object({ code: z.literal("still-in-memory"), sink, afterSeconds: z.number() }),
] as const;

/** Files in which lines end up could not be read; `file` is a path in the container of an instance. */
const files = [
  z.object({ code: z.literal("container-gone"), instance: z.string() }),
  z.object({ code: z.literal("no-folder"), instance: z.string(), folder: z.string() }),
  z.object({ code: z.literal("several-containers"), service: z.string(), containers: count }),
  /** `message`: what the place says of it. */
  z.object({ code: z.literal("file-unread"), instance: z.string(), file: z.string(), message: z.string() }),
  z.object({ code: z.literal("file-is-link"), instance: z.string(), file: z.string() }),
  /** It was renamed or removed while it was read. */
  z.object({ code: z.literal("file-gone"), instance: z.string(), file: z.string() }),
  z.object({ code: z.literal("file-shorter"), file: z.string(), bytes: count, before: count }),
  /** Its lines are in no form that is read, or it is damaged. `message`: what was expected, what was found, and what to do. */
  z.object({ code: z.literal("no-export"), message: z.string() }),
  /**
   * So many lines of the run begin and end in the bytes of a file, and fewer in the texts that were read from it as `form`; `oversized`
   * texts were too long to be read whole.
   */
  z.object({
    code: z.literal("lines-left-out"),
    file: z.string(),
    form: z.string(),
    beginnings: count,
    ends: count,
    readBeginnings: count,
    readEnds: count,
    oversized: count,
  }),
] as const;

const topics = [
  /** `of`: a topic, or the group that reads it. */
  z.object({
    code: z.literal("no-offsets"),
    of: z.enum(["topic", "group"]),
    name: z.string(),
    message: z.string(),
  }),
  z.object({ code: z.literal("topic-unread"), topic: z.string(), message: z.string() }),
  z.object({
    code: z.literal("topic-incomplete"),
    topic: z.string(),
    missing: count,
    afterSeconds: z.number(),
  }),
  /** A partition returned an offset where another was expected. */
  z.object({
    code: z.literal("topic-gap"),
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
    expected: z.string(),
  }),
  z.object({ code: z.literal("deleted-unread"), records: count }),
] as const;

/** Why a read could not be completed, as figures; only reports make sentences of it. */
export const readProblemSchema = orTold(
  z.discriminatedUnion("code", [
    ...answers,
    ...sums,
    ...unasked,
    ...limits,
    ...stores,
    ...files,
    ...topics,
    toldSchema,
  ]),
);

export type ReadProblem = z.infer<typeof readProblemSchema>;

const contradictions: ReadonlySet<string> = new Set([
  ...sums.map(({ shape }) => shape.code.value),
  // A file that was rotated meanwhile is another by its name.
  "file-gone",
  "file-shorter",
] satisfies ReadProblem["code"][]);

/** Whether what was answered does not fit what was counted or seen before, so that another answer may. */
export function contradictsItself({ code }: ReadProblem): boolean {
  return contradictions.has(code);
}
