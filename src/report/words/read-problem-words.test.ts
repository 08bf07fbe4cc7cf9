import { expect, it } from "vitest";
import { type ReadProblem, readProblemSchema } from "../../base/read-problem.ts";
import { describeReadProblem } from "./read-problem-words.ts";

const sink = "victorialogs";
const stream = '{job="logs"}';
const limits = ["max_query_length", "max_query_range"];

it.each<[ReadProblem, string]>([
  [{ code: "unpublished", sink }, "VictoriaLogs's port is not published."],
  [
    { code: "unanswered", sink, path: "/flush", message: "timeout" },
    "VictoriaLogs did not answer /flush: timeout",
  ],
  [{ code: "refused", sink, status: 503, answer: "not ready" }, "VictoriaLogs answered 503: not ready"],
  [{ code: "refused", sink, status: 503, answer: "" }, "VictoriaLogs answered 503: (nothing)"],
  [
    { code: "malformed", sink, path: "/a", why: "no JSON", answer: null },
    "VictoriaLogs answered /a with something else than was asked for: no JSON",
  ],
  [
    { code: "malformed", sink, path: null, why: "no JSON", answer: "<" },
    "VictoriaLogs answered with something else than was asked for: no JSON (<)",
  ],
  [{ code: "no-time", sink, text: "yesterday" }, 'VictoriaLogs returned an invalid time: "yesterday".'],
  [{ code: "out-of-order", sink, stream }, 'VictoriaLogs answered lines of {job="logs"} out of order.'],
  [
    { code: "other-stream", sink, stream, answered: "{}" },
    'VictoriaLogs answered a line of {} for {job="logs"}.',
  ],
  [
    { code: "counted-otherwise", sink, stream: null, answered: 9, counted: 8 },
    "VictoriaLogs answered 9 lines but counts 8.",
  ],
  [
    { code: "counted-otherwise", sink, stream, answered: 1, counted: 0 },
    'VictoriaLogs answered 1 lines of {job="logs"} but counts 0.',
  ],
  [{ code: "answered-uncounted", sink: "file" }, "The file sink does not count a line that it answered."],
  [{ code: "container-gone", instance: "writer" }, "The container of writer is gone: something removed it."],
  [{ code: "no-folder", instance: "writer", folder: "/out" }, "There is no folder /out in writer."],
  [
    { code: "several-containers", service: "writer", containers: 2 },
    "The service writer has 2 containers; files can be read from one alone.",
  ],
  [
    { code: "file-unread", instance: "writer", file: "/out/a", message: "reset" },
    "/out/a of writer could not be read: reset",
  ],
  [
    { code: "file-is-link", instance: "writer", file: "/out/a" },
    "/out/a of writer is a link; name the file that it leads to.",
  ],
  [
    { code: "file-gone", instance: "writer", file: "/out/a" },
    "/out/a of writer was renamed or removed while it was read.",
  ],
  [
    { code: "file-shorter", file: "/out/a", bytes: 3, before: 7 },
    "/out/a became shorter while it was read: it has 3 bytes and had 7 before.",
  ],
  [{ code: "no-export", message: "expected lines, found zstd" }, "expected lines, found zstd"],
  [
    {
      code: "lines-left-out",
      ...{ file: "/out/a", form: "raw lines", beginnings: 9, ends: 8, readBeginnings: 7, readEnds: 6 },
      oversized: 2,
    },
    "In /out/a 9 lines of the run begin and 8 end, but read as raw lines it has 7 beginnings and 6 ends, and 2 texts that are too long to be read whole.",
  ],
  [{ code: "named-uncounted", sink, stream }, 'VictoriaLogs counts no line of {job="logs"}, which it names.'],
  [
    { code: "streams-do-not-add-up", sink, counted: 9, sum: 8 },
    "VictoriaLogs counts 9 lines of the run in all, but 8 stream by stream.",
  ],
  [
    { code: "halves-do-not-add-up", sink, counted: 9, sum: 8 },
    "VictoriaLogs counts 9 lines in all, but 8 stream by stream, half by half.",
  ],
  [
    { code: "too-many-missing", sink, hidden: 2, missing: 20_001 },
    "VictoriaLogs counts 2 more lines than it answers, and 20001 are missing: too many to ask for one by one.",
  ],
  [{ code: "answered-uncounted", sink }, "VictoriaLogs does not count a line that it answered."],
  [{ code: "counted-unanswered", sink, lines: 3 }, "VictoriaLogs counts 3 lines that it did not answer."],
  [
    { code: "range-limited", sink, limits, longestMs: 5, rangeSeconds: 600 },
    "VictoriaLogs answers no more than 5 ms at once (max_query_length or max_query_range), too little to read 600 s; raise this limit for the user or tenant that reads.",
  ],
  [
    { code: "answer-limited", sink, limits: ["max_entries"], most: 1, answered: 9, counted: 10 },
    "VictoriaLogs answers 1 lines at once (max_entries) and has more in one nanosecond: 9 of 10 could be read; raise this limit for the user or tenant that reads.",
  ],
  [
    { code: "age-limited", sink, limits: ["max_query_lookback"], oldestSeconds: 30, firstLineSeconds: 60 },
    "VictoriaLogs answers no line older than 30 s (max_query_lookback), and the first of the run are 60 s old; raise this limit for the user or tenant that reads.",
  ],
  [
    { code: "moment-too-full", sink, stream, most: 5_000 },
    '5000 or more lines of {job="logs"} lie in one millisecond, more than VictoriaLogs answers at once.',
  ],
  [
    { code: "too-many-streams", sink, selector: stream, most: 1_000, streams: 1_001 },
    'expected at most 1000 streams of {job="logs"}, found 1001; choose a narrower selector.',
  ],
  [
    { code: "other-times", sink, lines: 200, fromMs: 1_800_000_000_000, toMs: 1_800_000_060_000 },
    "VictoriaLogs holds 200 lines of the run that carry other times than from 2027-01-15T08:00:00.000Z to 2027-01-15T08:01:00.000Z: " +
      "the clock by which the pipeline stamps lines has changed.",
  ],
  [{ code: "still-flushing", sink, afterSeconds: 15 }, "VictoriaLogs was still flushing after 15 s."],
  [
    { code: "still-in-memory", sink, afterSeconds: 30 },
    "VictoriaLogs still held lines in memory alone after 30 s, so its store could not be read.",
  ],
  [
    { code: "no-offsets", of: "topic", name: "logs", message: "no leader" },
    "Kafka did not return the offsets of logs: no leader",
  ],
  [
    { code: "no-offsets", of: "group", name: "readers", message: "no leader" },
    "Kafka did not return the offsets of the group readers: no leader",
  ],
  [
    { code: "topic-unread", topic: "logs", message: "no leader" },
    "Kafka's topic logs could not be read: no leader",
  ],
  [
    { code: "topic-incomplete", topic: "logs", missing: 3, afterSeconds: 120 },
    "Kafka's topic logs could not be read: 3 records were not answered in 120 s.",
  ],
  [
    { code: "topic-gap", topic: "logs", partition: 2, offset: "9", expected: "7" },
    "Kafka's topic logs could not be read: partition 2 returned offset 9 where 7 was expected.",
  ],
  [{ code: "deleted-unread", records: 3 }, "Kafka had deleted 3 records before anybody read them."],
  [{ code: "told", text: "As it was." }, "As it was."],
])("tells %j in a sentence", (problem, sentence) => {
  expect(readProblemSchema.parse(problem)).toEqual(problem);
  expect(describeReadProblem(problem)).toBe(sentence);
});

it("takes a sentence of an earlier version as it is", () => {
  expect(readProblemSchema.parse("VictoriaLogs did not answer.")).toEqual({
    code: "told",
    text: "VictoriaLogs did not answer.",
  });
});
