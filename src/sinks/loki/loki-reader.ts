import { inOrder } from "../../base/in-order.ts";
import { ReadError } from "../../base/read-error.ts";
import type { ObservedEntry, ReadExtent } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import { containing } from "./logql.ts";
import type { LokiClient } from "./loki-client.ts";
import type { Entry } from "./loki-entry.ts";
import { longestQuestionMs, pageLines } from "./loki-limits.ts";
import type { Stream } from "./loki-streams.ts";
import { inGroups, type MarkedStream, markedStreams } from "./marked-streams.ts";
import { piecesOf } from "./range-pieces.ts";
import { readSlice, type Slice, type SliceRead } from "./slice-reader.ts";
import { atMilliseconds, slicesAround, slicesOf } from "./time-slices.ts";

/** Slices that are read at a time, and slices whose lines are in memory. */
const bounds = { concurrent: 4, begun: 6 };
/** How many lines a slice should have, about: some pages, because the end of each slice takes one more query. */
const linesPerSlice = 20_000;
/** A page has only so much of the lines that it could have, since it begins with some of the page before. */
const filled = 0.95;
/** A slice with more lines is split. */
const mostLinesPerSlice = 2 * linesPerSlice;
/** Into how many slices it is split at most. */
const maxParts = 64;
/** In how many parts lines are counted at a time. */
const countedParts = 4;
/** In what a ReadError tells. */
const sink = "loki";

/** A complete read in progress. */
interface Reading {
  client: LokiClient;
  range: TimeRange;
  extent: ReadExtent;
  onEntry: (entry: ObservedEntry) => void;
  /** Whether a page was full of lines of one nanosecond, of which there may be more. */
  hasSkipped: boolean;
  /** From the oldest line that was read to the newest; undefined as long as none was. */
  seen: TimeRange | undefined;
}

/**
 * Reads every line of every stream that matches a selector in a time range, each as often as Loki returns it, and lets Loki count them as
 * well.
 *
 * Each stream is read separately, forward, in slices of time. An answer below the limit may still be incomplete: Loki 3.6.4, split into
 * several parts, first truncates at the limit and then removes repeated lines. So after each answer the next query begins where the answer
 * ended, until nothing newer is returned. Lines come stream by stream in Loki's order. At most six slices are held in memory.
 *
 * @param range whole milliseconds
 * @param onEntry takes each line
 * @param mark a text that every line of interest contains: streams without such a line are left out; if absent, no stream is
 * @throws ReadError if anything failed or the counts did not match; then the result is not known
 */
export async function readLoki(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  onEntry: (entry: ObservedEntry) => void,
  mark?: string,
): Promise<ReadExtent> {
  const limits = await client.limits(selector, range);
  const all = await markedStreams(client, selector, range, mark);
  const own = mark === undefined ? all : all.filter(({ isMarked }) => isMarked);
  const streams = own.map(({ stream }) => stream);
  const foreign = all.filter((stream) => !own.includes(stream)).map(({ stream }) => stream.selector);
  const extent: ReadExtent = { entries: 0, counted: 0, streams: own.length, foreign, queries: 0 };
  const reading: Reading = { client, range, extent, onEntry, hasSkipped: false, seen: undefined };
  await readStreams(reading, streams);
  extent.counted =
    foreign.length === 0 ? await countAll(reading, selector) : await countOwn(reading, selector, own, mark!);
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
  if (extent.counted > extent.entries) await assertCountsAddUp(client, streams, range, extent.counted);
  return extent;
}

async function readStreams(reading: Reading, streams: readonly Stream[]): Promise<void> {
  const { client, extent, onEntry } = reading;
  const limit = pageLines(client.known);
  const slices = await inGroups(streams, (stream) => slicesOfStream(reading, stream, limit));
  const read = async (slice: Slice) => {
    const result = await readSlice(client, slice, limit, mostLinesPerSlice);
    return { result, rest: split(slice, result) };
  };
  const take = ({ entries, queries, hasSkipped }: SliceRead) => {
    for (const entry of entries) onEntry(entry);
    extent.entries += entries.length;
    extent.queries += queries;
    reading.hasSkipped ||= hasSkipped;
    reading.seen = widened(reading.seen, entries);
  };
  await inOrder(slices.flat(), bounds, read, take);
}

/** A range with the times of further entries, which are in their order. */
function widened(range: TimeRange | undefined, entries: readonly Entry[]): TimeRange | undefined {
  const [first] = entries;
  if (first === undefined) return range;
  const { startNs, endNs } = range ?? { startNs: first.timestampNs, endNs: 0n };
  const afterNs = entries.at(-1)!.timestampNs + 1n;
  return {
    startNs: first.timestampNs < startNs ? first.timestampNs : startNs,
    endNs: afterNs > endNs ? afterNs : endNs,
  };
}

/** Slices of a stream with about as many lines as they should have, if its lines are spread evenly between the oldest and the newest. */
async function slicesOfStream({ client, range }: Reading, stream: Stream, limit: number): Promise<Slice[]> {
  const longestMs = longestQuestionMs(client.known);
  const lines = await client.estimate(stream.selector, range);
  const linesInSlice = Math.ceil(linesPerSlice / limit) * limit * filled;
  const count = Math.ceil(lines / linesInSlice);
  const dense = count > 1 ? await denseRange(client, stream, piecesOf(range, longestMs)) : undefined;
  const slices = dense === undefined ? [range] : slicesAround(range, dense, count);
  return slices.flatMap((slice) => piecesOf(slice, longestMs)).map((range) => ({ stream, range }));
}

/** From the oldest line of a stream to the newest; undefined if Loki returns none. */
async function denseRange(
  client: LokiClient,
  stream: Stream,
  pieces: readonly TimeRange[],
): Promise<TimeRange | undefined> {
  let startNs: bigint | undefined;
  for (const piece of pieces) startNs ??= (await client.entries(stream, piece, 1)).entries[0]?.timestampNs;
  let newestNs: bigint | undefined;
  for (const piece of pieces.toReversed()) newestNs ??= await client.newestNs(stream, piece);
  return startNs === undefined || newestNs === undefined ? undefined : { startNs, endNs: newestNs + 1n };
}

/** Splits what was not read of a slice, as if its lines were as dense as those that were read. */
function split({ stream, range }: Slice, { entries, rest }: SliceRead): Slice[] {
  if (rest === undefined) return [];
  const readNs = Number(rest.startNs - range.startNs);
  const lines = (entries.length * Number(rest.endNs - rest.startNs)) / readNs;
  const parts = Math.min(Math.ceil(lines / linesPerSlice), maxParts);
  return slicesOf(rest, parts).map((range) => ({ stream, range }));
}

/**
 * Counts all lines: in parts beside each other, since Loki counts each part on one processor, and if that is not what it returned, at once, as
 * something may be wrong with every count.
 */
async function countAll({ client, range, seen, extent }: Reading, selector: string): Promise<number> {
  const parts = atMilliseconds(slicesAround(range, seen ?? range, countedParts));
  const counts = await inGroups(parts, (part) => client.count(selector, part));
  const sum = counts.reduce((lines, count) => lines + count, 0);
  return sum === extent.entries ? sum : client.count(selector, range);
}

/**
 * How many lines the streams of interest contain. A count of all lines with the mark verifies that no stream is missing.
 *
 * @throws ReadError if other streams contain lines with the mark
 */
async function countOwn(
  { client, range }: Reading,
  selector: string,
  own: readonly MarkedStream[],
  mark: string,
): Promise<number> {
  const filter = containing(mark);
  const counts = await inGroups(own, async ({ stream }) => ({
    all: await client.count(stream.selector, range),
    marked: await client.count(`${stream.selector}${filter}`, range),
  }));
  const marked = await client.count(`${selector}${filter}`, range);
  const sum = counts.reduce((lines, stream) => lines + stream.marked, 0);
  if (marked !== sum) throw new ReadError({ code: "streams-do-not-add-up", sink, counted: marked, sum });
  return counts.reduce((lines, stream) => lines + stream.all, 0);
}

/**
 * Counts the lines in parts. A count that does not match the answers is accepted only if it is the sum of the counts of its parts.
 *
 * @throws ReadError if it is not
 */
async function assertCountsAddUp(
  client: LokiClient,
  streams: Stream[],
  range: TimeRange,
  counted: number,
): Promise<void> {
  const halves = atMilliseconds(slicesOf(range, 2));
  let sum = 0;
  for (const { selector } of streams) for (const half of halves) sum += await client.count(selector, half);
  if (sum !== counted) throw new ReadError({ code: "halves-do-not-add-up", sink, counted, sum });
}
