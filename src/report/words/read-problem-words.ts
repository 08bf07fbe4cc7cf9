import { capitalized } from "../../base/capitalized.ts";
import type { ReadProblem } from "../../base/read-problem.ts";
import { sinkNameOf } from "./names.ts";

type Words = {
  [Code in ReadProblem["code"]]: (problem: Extract<ReadProblem, { code: Code }>) => string;
};

const answers = {
  unpublished: ({ sink }) => `${sinkNameOf({ sink })}'s port is not published.`,
  unanswered: ({ sink, path, message }) => `${sinkNameOf({ sink })} did not answer ${path}: ${message}`,
  refused: ({ sink, status, answer }) =>
    `${sinkNameOf({ sink })} answered ${status}: ${answer || "(nothing)"}`,
  page: ({ sink, path, words }) => `${otherwise(sink, path)}: an HTML page, ${words}`,
  malformed: ({ sink, path, why, answer }) =>
    `${otherwise(sink, path)}: ${why}${answer === null ? "" : ` (${answer})`}`,
  "no-time": ({ sink, text }) => `${sinkNameOf({ sink })} returned an invalid time: ${JSON.stringify(text)}.`,
  "out-of-order": ({ sink, stream }) => `${sinkNameOf({ sink })} answered lines of ${stream} out of order.`,
  "other-stream": ({ sink, stream, answered }) =>
    `${sinkNameOf({ sink })} answered a line of ${answered} for ${stream}.`,
} satisfies Partial<Words>;

const sums = {
  "counted-otherwise": ({ sink, stream, answered, counted }) =>
    `${sinkNameOf({ sink })} answered ${answered} lines${stream === null ? "" : ` of ${stream}`} but counts ${counted}.`,
  "named-uncounted": ({ sink, stream }) =>
    `${sinkNameOf({ sink })} counts no line of ${stream}, which it names.`,
  "streams-do-not-add-up": ({ sink, counted, sum }) =>
    `${sinkNameOf({ sink })} counts ${counted} lines of the run in all, but ${sum} stream by stream.`,
  "halves-do-not-add-up": ({ sink, counted, sum }) =>
    `${sinkNameOf({ sink })} counts ${counted} lines in all, but ${sum} stream by stream, half by half.`,
  "too-many-missing": ({ sink, hidden, missing }) =>
    `${capitalized(sinkNameOf({ sink }))} counts ${hidden} more lines than it answers, and ${missing} are missing: too many to ask for one by one.`,
  "answered-uncounted": ({ sink }) =>
    `${capitalized(sinkNameOf({ sink }))} does not count a line that it answered.`,
  "counted-unanswered": ({ sink, lines }) =>
    `${capitalized(sinkNameOf({ sink }))} counts ${lines} lines that it did not answer.`,
} satisfies Partial<Words>;

const limits = {
  "range-limited": ({ sink, limits, longestMs, rangeSeconds }) =>
    `${sinkNameOf({ sink })} answers no more than ${longestMs} ms at once (${limits.join(" or ")}), too little to read ${rangeSeconds} s; ${raise}.`,
  "answer-limited": ({ sink, limits, most, answered, counted }) =>
    `${sinkNameOf({ sink })} answers ${most} lines at once (${limits.join(" or ")}) and has more in one nanosecond: ` +
    `${answered} of ${counted} could be read; ${raise}.`,
  "age-limited": ({ sink, limits, oldestSeconds, firstLineSeconds }) =>
    `${sinkNameOf({ sink })} answers no line older than ${oldestSeconds} s (${limits.join(" or ")}), and the first of the run are ` +
    `${firstLineSeconds} s old; ${raise}.`,
  "moment-too-full": ({ sink, stream, most }) =>
    `${most} or more lines of ${stream} lie in one millisecond, more than ${sinkNameOf({ sink })} answers at once.`,
  "too-many-streams": ({ selector, most, streams }) =>
    `expected at most ${most} streams of ${selector}, found ${streams}; choose a narrower selector.`,
  "other-times": ({ sink, lines, fromMs, toMs }) =>
    `${sinkNameOf({ sink })} holds ${lines} lines of the run that carry other times than from ${isoOf(fromMs)} to ${isoOf(toMs)}: ` +
    "the clock by which the pipeline stamps lines has changed.",
} satisfies Partial<Words>;

const stores = {
  "still-flushing": ({ sink, afterSeconds }) =>
    `${sinkNameOf({ sink })} was still flushing after ${afterSeconds} s.`,
  "still-in-memory": ({ sink, afterSeconds }) =>
    `${sinkNameOf({ sink })} still held lines in memory alone after ${afterSeconds} s, so its store could not be read.`,
} satisfies Partial<Words>;

const files = {
  "container-gone": ({ instance }) => `The container of ${instance} is gone: something removed it.`,
  "no-folder": ({ instance, folder }) => `There is no folder ${folder} in ${instance}.`,
  "several-containers": ({ service, containers }) =>
    `The service ${service} has ${containers} containers; files can be read from one alone.`,
  "file-unread": ({ instance, file, message }) => `${file} of ${instance} could not be read: ${message}`,
  "file-is-link": ({ instance, file }) => `${file} of ${instance} is a link; name the file that it leads to.`,
  "file-gone": ({ instance, file }) => `${file} of ${instance} was renamed or removed while it was read.`,
  "file-shorter": ({ file, bytes, before }) =>
    `${file} became shorter while it was read: it has ${bytes} bytes and had ${before} before.`,
  "no-export": ({ message }) => message,
  "lines-left-out": ({ file, form, beginnings, ends, readBeginnings, readEnds, oversized }) =>
    `In ${file} ${beginnings} lines of the run begin and ${ends} end, but read as ${form} it has ${readBeginnings} beginnings and ` +
    `${readEnds} ends${oversized === 0 ? "" : `, and ${oversized} texts that are too long to be read whole`}.`,
} satisfies Partial<Words>;

const topics = {
  "no-offsets": ({ of, name, message }) =>
    `Kafka did not return the offsets of ${of === "group" ? "the group " : ""}${name}: ${message}`,
  "topic-unread": ({ topic, message }) => `Kafka's topic ${topic} could not be read: ${message}`,
  "topic-incomplete": ({ topic, missing, afterSeconds }) =>
    `Kafka's topic ${topic} could not be read: ${missing} records were not answered in ${afterSeconds} s.`,
  "topic-gap": ({ topic, partition, offset, expected }) =>
    `Kafka's topic ${topic} could not be read: partition ${partition} returned offset ${offset} where ${expected} was expected.`,
  "deleted-unread": ({ records }) => `Kafka had deleted ${records} records before anybody read them.`,
} satisfies Partial<Words>;

const words: Words = {
  ...answers,
  ...sums,
  ...limits,
  ...stores,
  ...files,
  ...topics,
  told: ({ text }) => text,
};

/** The advice about a limit of the sink. */
const raise = "raise this limit for the user or tenant that reads";

/** Why a read could not be completed, in a sentence. It ends without a full stop if it ends with the words of another program. */
export function describeReadProblem(problem: ReadProblem): string {
  const describe = words[problem.code] as (problem: ReadProblem) => string;
  return describe(problem);
}

export function withoutFullStop(text: string): string {
  return text.replace(/\.$/, "");
}

function otherwise(sink: string, path: string | null): string {
  return `${sinkNameOf({ sink })} answered ${path === null ? "" : `${path} `}with something else than was asked for`;
}

function isoOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
