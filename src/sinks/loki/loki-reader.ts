import { ReadError } from "../../base/read-error.ts";
import type { ObservedEntry, ReadExtent } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import { containing } from "./logql.ts";
import type { Entry, LokiClient } from "./loki-client.ts";
import { type LokiLimits, longestQuestionMs, pageLines } from "./loki-limits.ts";
import type { Stream } from "./loki-streams.ts";
import { piecesOf } from "./range-pieces.ts";

/** What is known about the lines to read. */
export interface ReadHints {
  /** Text that every line of interest contains. Streams without such a line are left out. If absent, no stream is left out. */
  mark?: string | undefined;
  /** The range in which most lines are expected, in whole milliseconds, which is read in slices; the whole range if absent. */
  expected?: TimeRange | undefined;
}

/** A stream, and how many of its lines contain the mark. */
export interface MarkedStream {
  stream: Stream;
  marked: number;
}

const concurrentQueries = 4;
const maxStreams = 1_000;
/** In what a ReadError tells. */
const sink = "loki";
const nanosPerMs = 1_000_000n;

/**
 * Reads every line of every stream that matches a selector in a time range, each as often as Loki returns it, and lets Loki count them as
 * well.
 *
 * Each stream is read separately, forward, in time slices that should fill half an answer each. An answer below the limit may still be
 * incomplete: Loki 3.6.4, split into several parts, first truncates at the limit and then removes repeated lines. So after each answer the
 * next query begins where the answer ended, until nothing newer is returned. Lines come stream by stream in Loki's order. At most four
 * slices are held in memory.
 *
 * @param range whole milliseconds
 * @param onEntry takes each line
 * @throws ReadError if anything failed or the counts did not match; then the result is not known
 */
export async function readLoki(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  onEntry: (entry: ObservedEntry) => void,
  { mark, expected = range }: ReadHints = {},
): Promise<ReadExtent> {
  const limits = await client.limits(selector, range);
  const all = await markedStreams(client, selector, range, mark);
  const own = mark === undefined ? all : all.filter(({ marked }) => marked > 0);
  const foreign = all.filter((stream) => !own.includes(stream)).map(({ stream }) => stream.selector);
  const extent: ReadExtent = { entries: 0, counted: 0, streams: own.length, foreign, queries: 0 };
  const reading = { client, limits, range, expected, extent, onEntry, counted: 0, hasSkipped: false };
  for (const { stream } of own) await readStream(reading, stream);
  extent.counted =
    foreign.length === 0
      ? await client.count(selector, range)
      : await countOwn(reading, selector, own, mark!);
  if (extent.counted < extent.entries) {
    const { entries: answered, counted } = extent;
    throw new ReadError({ code: "counted-otherwise", sink, stream: null, answered, counted });
  }
  if (reading.hasSkipped && extent.counted > extent.entries) {
    throw new ReadError({
      code: "answer-limited",
      sink,
      limits: ["max_entries_limit_per_query"],
      most: pageLines(limits),
      answered: extent.entries,
      counted: extent.counted,
    });
  }
  const streams = own.map(({ stream }) => stream);
  if (extent.counted > extent.entries) await assertCountsAddUp(client, streams, range, extent.counted);
  return extent;
}

/**
 * The streams that match a selector, and how many of their lines contain the mark. Without a mark nothing is counted.
 *
 * @throws ReadError if there are too many streams to read one by one, or Loki's count contradicts its answers
 */
export async function markedStreams(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  mark: string | undefined,
): Promise<MarkedStream[]> {
  const streams = await client.streams(selector, range);
  if (streams.length > maxStreams) {
    const { length } = streams;
    throw new ReadError({ code: "too-many-streams", sink, selector, most: maxStreams, streams: length });
  }
  const marked: MarkedStream[] = [];
  for (let first = 0; first < streams.length; first += concurrentQueries) {
    const some = streams.slice(first, first + concurrentQueries);
    marked.push(...(await Promise.all(some.map((stream) => marksIn(client, stream, range, mark)))));
  }
  return marked;
}

async function marksIn(
  client: LokiClient,
  stream: Stream,
  range: TimeRange,
  mark: string | undefined,
): Promise<MarkedStream> {
  if (mark === undefined) return { stream, marked: 0 };
  const filter = containing(mark);
  const marked = await client.count(`${stream.selector}${filter}`, range);
  // A stream that is left out is never checked again, so a count of 0 is accepted only if Loki also returns no line.
  if (marked === 0 && (await firstLine(client, stream, range, filter)) !== undefined)
    throw new ReadError({
      code: "counted-otherwise",
      sink,
      stream: stream.selector,
      answered: 1,
      counted: 0,
    });
  return { stream, marked };
}

/** The first line of a stream that passes a LogQL line filter; undefined if Loki answers none. */
export async function firstLine(
  client: LokiClient,
  stream: Stream,
  range: TimeRange,
  filter: string,
): Promise<string | undefined> {
  for (const piece of piecesOf(range, client.longestQuestionMs)) {
    const { entries } = await client.entries(stream, piece, 1, filter);
    if (entries.length > 0) return entries[0]!.line;
  }
  return undefined;
}

/**
 * How many lines the streams of interest contain. A count of all lines with the mark verifies that no stream is missing.
 *
 * @throws ReadError if other streams contain lines with the mark
 */
async function countOwn(
  { client, range, counted }: Reading,
  selector: string,
  own: MarkedStream[],
  mark: string,
): Promise<number> {
  const marked = await client.count(`${selector}${containing(mark)}`, range);
  const sum = own.reduce((lines, stream) => lines + stream.marked, 0);
  if (marked !== sum) throw new ReadError({ code: "streams-do-not-add-up", sink, counted: marked, sum });
  return counted;
}

/**
 * Counts the lines in parts. A count that does not match the answers is accepted only if it is the sum of the counts of its parts.
 *
 * @throws ReadError if it is not
 */
async function assertCountsAddUp(
  client: LokiClient,
  streams: Stream[],
  { startNs, endNs }: TimeRange,
  counted: number,
): Promise<void> {
  const middleNs = startNs + ((endNs - startNs) / nanosPerMs / 2n) * nanosPerMs;
  let sum = 0;
  for (const { selector } of streams) {
    sum += await client.count(selector, { startNs, endNs: middleNs });
    sum += await client.count(selector, { startNs: middleNs, endNs });
  }
  if (sum !== counted) throw new ReadError({ code: "halves-do-not-add-up", sink, counted, sum });
}

/** A complete read in progress. */
interface Reading {
  client: LokiClient;
  limits: LokiLimits;
  range: TimeRange;
  expected: TimeRange;
  extent: ReadExtent;
  onEntry: (entry: ObservedEntry) => void;
  /** How many lines Loki counts in the streams that were read, stream by stream. */
  counted: number;
  /** Whether a page was full of lines of one nanosecond, of which there may be more. */
  hasSkipped: boolean;
}

async function readStream(reading: Reading, stream: Stream): Promise<void> {
  const { client, limits, range, extent, onEntry } = reading;
  const lines = await client.count(stream.selector, range);
  reading.counted += lines;
  const slices = slicesAround(
    range,
    reading.expected,
    Math.ceil(lines / Math.max(1, Math.floor(pageLines(limits) / 2))),
  ).flatMap((slice) => piecesOf(slice, longestQuestionMs(limits)));
  for (let first = 0; first < slices.length; first += concurrentQueries) {
    const answers = slices
      .slice(first, first + concurrentQueries)
      .map((slice) => readSlice(reading, stream, slice));
    for (const entries of await Promise.all(answers)) {
      for (const entry of entries) onEntry({ ...entry, stream: stream.labels });
      extent.entries += entries.length;
    }
  }
}

async function readSlice(reading: Reading, stream: Stream, { startNs, endNs }: TimeRange): Promise<Entry[]> {
  const { client, extent } = reading;
  const limit = pageLines(reading.limits);
  const read: Entry[] = [];
  // Loki 3.6.4 omits the first line of a query's range if it is the last line of a stored chunk and its time is a whole millisecond. So
  // each query begins a little earlier than needed, unless the additional lines alone fill the answer.
  let leadNs = nanosPerMs;
  let held: Entry[] = [];
  for (let pageNs = startNs; pageNs < endNs; ) {
    extent.queries++;
    const answer = await client.entries(stream, { startNs: pageNs - leadNs, endNs }, limit);
    const entries = withHeld(
      held,
      answer.entries.filter(({ timestampNs }) => timestampNs >= pageNs),
    );
    held = [];
    const newestNs = entries.at(-1)?.timestampNs ?? pageNs;
    const isWhole = entries.length >= answer.entries.length && entries.length > 0;
    if (answer.isFull && isWhole && entries[0]!.timestampNs === newestNs) {
      // All lines of the page have the same time. Whether there are more of them is checked by Loki's count.
      read.push(...entries);
      reading.hasSkipped = true;
      pageNs = newestNs + 1n;
      leadNs = 0n;
    } else if (newestNs > pageNs) {
      // The lines of the newest nanosecond may be incomplete. The next page contains them again, completely.
      for (const entry of entries) if (entry.timestampNs < newestNs) read.push(entry);
      pageNs = newestNs;
      leadNs = nanosPerMs;
    } else if (!answer.isFull) {
      return read.concat(entries);
    } else if (leadNs > 0n) {
      leadNs = 0n;
      held = entries;
    } else {
      throw new ReadError({ code: "moment-too-full", sink, stream: stream.selector, most: limit });
    }
  }
  return read;
}

/** An answer, completed by lines of an earlier answer with the time at which it begins, if the earlier answer had more of them. */
function withHeld(held: Entry[], entries: Entry[]): Entry[] {
  const startNs = held[0]?.timestampNs;
  const later = entries.filter(({ timestampNs }) => timestampNs !== startNs);
  return entries.length - later.length < held.length ? [...held, ...later] : entries;
}

/** A number of equal slices of the expected range, with one more slice before and one after it for the rest of the range. */
function slicesAround(range: TimeRange, expected: TimeRange, count: number): TimeRange[] {
  const startNs = within(range, expected.startNs);
  const endNs = within(range, expected.endNs);
  if (startNs >= endNs) return slicesOf(range, count);
  return [
    { startNs: range.startNs, endNs: startNs },
    ...slicesOf({ startNs, endNs }, count),
    { startNs: endNs, endNs: range.endNs },
  ].filter((slice) => slice.startNs < slice.endNs);
}

function within({ startNs, endNs }: TimeRange, ns: bigint): bigint {
  if (ns < startNs) return startNs;
  return ns > endNs ? endNs : ns;
}

/** Equal slices that cover a range without a gap. */
export function slicesOf({ startNs, endNs }: TimeRange, count: number): TimeRange[] {
  const slices = BigInt(Math.max(1, count));
  const borderAt = (index: bigint) => startNs + ((endNs - startNs) * index) / slices;
  return Array.from({ length: Number(slices) }, (_, index) => ({
    startNs: borderAt(BigInt(index)),
    endNs: borderAt(BigInt(index) + 1n),
  }));
}
