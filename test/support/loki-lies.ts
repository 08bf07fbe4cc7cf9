import type { KnownHistory } from "./known-history.ts";
import {
  all,
  atFirst,
  counts,
  inJson,
  inReading,
  type Lie,
  on,
  pages,
  type Question,
  type Told,
  type Value,
} from "./loki-front.ts";

/** How long a reader of these tests waits for an answer of a Loki that answers in time, on a busy machine as well. */
export const patientTimeoutMs = 30_000;
/** How long it waits for answers that come too late on purpose. */
const shortTimeoutMs = 10_000;

/** Changes one entry of a page, or the page if it is one of more than a few entries: what a question begins with comes again. */
function inTheMiddle(edit: (values: Value[], middle: number) => Value[]): (values: Value[]) => Value[] {
  return (values) => (values.length < 10 ? values : edit(values, Math.floor(values.length / 2)));
}

/** Applies to the first page that it can change, and to no other. */
export function once(edit: (values: Value[]) => Value[]): (values: Value[]) => Value[] {
  let isDone = false;
  return (values) => {
    if (isDone || values.length < 10) return values;
    isDone = true;
    return edit(values);
  };
}

export const withoutMiddle = inTheMiddle((values, middle) => values.toSpliced(middle, 1));
const withRepeat = inTheMiddle((values, middle) => values.with(middle, values[middle - 1]!));
const withChange = inTheMiddle((values, middle) => {
  const [timestampNs, line] = values[middle]!;
  return values.with(middle, [timestampNs, line.replace("Test log", "Test dog")]);
});

function withoutOneCopy(values: Value[]): Value[] {
  const copy = values.findIndex(([, line], index) => index > 0 && line === values[index - 1]![1]);
  return copy === -1 ? values : values.toSpliced(copy, 1);
}

const told = (status: number, text: string) => (): Told => ({ status, text });
const errorBody = JSON.stringify({ status: "error", errorType: "timeout", error: "context canceled" });
const emptyBody = JSON.stringify({ status: "success", data: { resultType: "streams", result: [] } });
const noVector = JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } });

function brokenOff(truth: Told): Told {
  return { ...truth, brokenOffAfterBytes: Math.floor(Buffer.byteLength(truth.text) / 2) };
}

function cutShort(truth: Told): Told {
  return { ...truth, text: truth.text.slice(0, truth.text.length / 2) };
}

function olderPage(): Lie {
  let older: Value[] | undefined;
  return pages((values) => {
    if (values.length >= 10) older ??= values;
    return older ?? values;
  });
}

function exchanged(text: string): string {
  return text.replace(/app-[12]/g, (name) => (name === "app-1" ? "app-2" : "app-1"));
}

/** The lines of one stream under the name of the other. */
const swappedStreams = on("pages", async ({ path, parameters }, _, ask) => {
  const other = new URLSearchParams(parameters);
  other.set("query", exchanged(parameters.get("query")!));
  return inJson(
    await ask(path, other),
    (body: { data: { result: { stream: Record<string, string> }[] } }) => {
      for (const result of body.data.result) result.stream.source = exchanged(result.stream.source!);
      return body;
    },
  );
});

const misnamedStreams = on("pages", (_, truth) =>
  inJson(truth, (body: { data: { result: { stream: Record<string, string> }[] } }) => {
    for (const result of body.data.result) result.stream.source = exchanged(result.stream.source!);
    return body;
  }),
);

function series(edit: (series: Record<string, string>[]) => Record<string, string>[]): Lie {
  return on("series", (_, truth) =>
    inJson(truth, (body: { data: Record<string, string>[] }) => ({ ...body, data: edit(body.data) })),
  );
}

function limit(told: string): Lie {
  return on("config", (_, truth) => ({
    ...truth,
    text: truth.text.replace(/^ {2}max_entries_limit_per_query: \d+$/m, told),
  }));
}

/** A stream of 3,000 lines then takes several slices, and several pages. */
export const severalPages = limit("  max_entries_limit_per_query: 1000");

const warned = on("pages", (_, truth) =>
  inJson(truth, (body: object) => ({ ...body, warnings: ["some ingesters did not answer"] })),
);

export const isAboutAll = ({ parameters }: Pick<Question, "parameters">) =>
  !parameters.get("query")!.includes("source=");

/** Leaves one line out of every answer, whatever the question. */
export function denied({ single: { source, name, line } }: KnownHistory): Lie {
  const isCounted = ({ parameters }: Question) => {
    const query = parameters.get("query")!;
    // In an expression, a slash is spelt as a class of one character.
    if (query.includes("|~")) return query.replaceAll("[/]", "/").includes(name);
    return query.includes(`source="${source}"`) || isAboutAll({ parameters });
  };
  return all(
    pages((values) => values.filter(([, text]) => text !== line)),
    counts((count, question) => count - Number(isCounted(question))),
  );
}

const unanswered = "lines that it did not answer";
const doesNotAddUp = "stream by stream, half by half";
const malformed = "something else than was asked for";

/**
 * What the proxy changes, and the expected result: the exact counts, or `unknown` for a reason with these words. A change that is made
 * once is found when everything is read again. Each is made anew, as some remember.
 */
export const lies: [what: string, outcome: string, lie: () => Lie, timeoutMs?: number][] = [
  ["leaves an entry out of every page", unanswered, () => pages(withoutMiddle)],
  ["leaves an entry out of one page", "exact", () => pages(once(withoutMiddle))],
  [
    "leaves every tenth entry out",
    unanswered,
    () => pages((values) => values.filter((_, index) => index % 10 !== 9)),
  ],
  ["leaves the last entry out of every page", unanswered, () => pages((values) => values.slice(0, -1))],
  ["leaves the last entry out of one page", "exact", () => pages(once((values) => values.slice(0, -1)))],
  ["leaves one of two copies out", "exact", () => pages(withoutOneCopy)],
  ["tells a page twice", "out of order", () => pages(once((values) => [...values, ...values]))],
  [
    "tells every entry twice",
    "but counts",
    () => pages((values) => values.flatMap((value) => [value, value])),
  ],
  ["tells an entry twice, and leaves its neighbour out", "exact", () => pages(once(withRepeat))],
  ["does so with every page", unanswered, () => pages(withRepeat)],
  ["tells a page backwards", "out of order", () => pages((values) => values.toReversed())],
  ["tells an older page again", "in one millisecond", olderPage],
  ["changes a character", "exact", () => pages(once(withChange))],
  ["changes a character of every page", unanswered, () => pages(withChange)],
  ["tells the lines of each stream as the other's", "exact", () => swappedStreams],
  ["names the wrong stream", "in one millisecond", () => misnamedStreams],
  ["tells no entry of any page", unanswered, () => on("pages", told(200, emptyBody))],
  ["tells no entry of one page", "exact", () => pages(once(() => []))],
  ["warns of its answer", "warns of its answer", () => warned],
  ["breaks a page off", "did not answer", () => on("pages", (_, truth) => brokenOff(truth))],
  [
    "breaks a page off, and says that it was whole",
    malformed,
    () => on("pages", (_, truth) => cutShort(truth)),
  ],
  [
    "breaks its first pages off",
    "exact",
    () =>
      on(
        "pages",
        atFirst(1, (_, truth) => brokenOff(truth)),
      ),
  ],
  ["leaves a stream out", doesNotAddUp, () => series((streams) => streams.slice(1))],
  ["leaves all streams out", doesNotAddUp, () => series(() => [])],
  ["names a stream twice", "exact", () => series((streams) => [...streams, streams[0]!])],
  [
    "names a stream that is not there",
    "exact",
    () => series((streams) => [...streams, { job: "whole", source: "app-9" }]),
  ],
  ["counts one more, whatever it counts", doesNotAddUp, () => counts((count) => count + 1)],
  [
    "counts one more in all",
    doesNotAddUp,
    () => counts((count, question) => count + Number(isAboutAll(question))),
  ],
  ["counts one fewer, whatever it counts", "but counts", () => counts((count) => count - 1)],
  ["counts nothing", "but counts 0", () => on("counts", told(200, noVector))],
  [
    "counts one more in each stream",
    "exact",
    () => counts((count, question) => count + Number(!isAboutAll(question))),
  ],
  ["says that it answers fewer lines at once", "exact", () => limit("  max_entries_limit_per_query: 700")],
  // Loki refuses such a question, and the refusal names its limit.
  ["says that it answers more lines at once", "exact", () => limit("  max_entries_limit_per_query: 50000")],
  ["says that it sets no limit", "exact", () => limit("  max_entries_limit_per_query: 0")],
  ["does not say how many lines it answers", "exact", () => limit("")],
  ["answers each question with 500 at first", "exact", () => atFirst(1, told(500, "not now"))],
  ["answers each question with 429 at first", "exact", () => atFirst(2, told(429, "not now"))],
  ["answers with 429", "Loki answered 429", () => on("pages", told(429, "not now"))],
  ["answers 200 with an error", malformed, () => on("pages", told(200, errorBody))],
  ["answers 200 with a text", malformed, () => on("pages", told(200, "too many outstanding requests"))],
  ["answers 200 with nothing", malformed, () => on("pages", told(200, ""))],
  ["counts with an error", malformed, () => on("counts", told(200, errorBody))],
  [
    "answers too late at first",
    "exact",
    () =>
      on(
        "pages",
        atFirst(1, (_, truth) => ({ ...truth, delayMs: 2 * shortTimeoutMs })),
      ),
    shortTimeoutMs,
  ],
  [
    "answers too late",
    "timeout",
    () => on("pages", (_, truth) => ({ ...truth, delayMs: 2 * shortTimeoutMs })),
    shortTimeoutMs,
  ],
  ["leaves an entry out when it is read first", "exact", () => inReading("first", pages(withoutMiddle))],
  ["leaves an entry out when it is read again", unanswered, () => inReading("later", pages(withoutMiddle))],
  ["tells entries twice when it is read again", unanswered, () => inReading("later", pages(withRepeat))],
  [
    "tells an entry twice when it is read again, once",
    "exact",
    () => inReading("later", pages(once(withRepeat))),
  ],
];
