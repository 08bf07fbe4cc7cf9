import type { Entry, Labels, LokiClient, Stream, TimeRange } from "./loki-client.ts";
import { ReadError } from "./read-error.ts";

/** One line read back and where it stood. */
export interface ObservedEntry extends Entry {
  stream: Labels;
}

/** How a complete read went. */
export interface ReadExtent {
  /** Lines that Loki answered. */
  entries: number;
  /** Lines that Loki counts, never fewer: some copies of a line it counts, but leaves out of its answers. */
  counted: number;
  streams: number;
  queries: number;
}

const concurrentQueries = 4;
const maxStreams = 1_000;
const nanosPerMs = 1_000_000n;

/**
 * Reads every line of every stream that matches a selector in a time range, each as often as Loki answers it, and has Loki count
 * them as well.
 *
 * Each stream is read by itself, forward, in slices of time that are expected to fill half an answer. That an answer is shorter
 * than its limit does not say that it is whole: Loki 3.6.4, split, cuts at the limit first and takes out repeated lines then. So
 * whatever was answered, the next question begins where the answer ended, until nothing newer comes. Lines come stream by
 * stream in Loki's order. The answers for four slices at the most are held at once.
 *
 * @param range whole milliseconds
 * @param onEntry takes each line
 * @throws ReadError if anything failed or did not add up: then nothing is known
 */
export async function readLoki(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  onEntry: (entry: ObservedEntry) => void,
): Promise<ReadExtent> {
  const limit = await client.maxEntriesPerQuery();
  const streams = await client.streams(selector, range);
  if (streams.length > maxStreams) {
    throw new ReadError(`expected at most ${maxStreams} streams of ${selector}, found ${streams.length}.`);
  }
  const extent: ReadExtent = { entries: 0, counted: 0, streams: streams.length, queries: 0 };
  for (const stream of streams) {
    await readStream(client, stream, range, limit, extent, onEntry);
  }
  extent.counted = await client.count(selector, range);
  if (extent.counted < extent.entries) {
    throw new ReadError(`Loki answered ${extent.entries} lines but counts ${extent.counted}.`);
  }
  if (extent.counted > extent.entries) await assertCountsAddUp(client, streams, range, extent.counted);
  return extent;
}

/**
 * Has the lines counted piece by piece: a count that no answer bears out is believed only if it is the sum of its parts.
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
  if (sum !== counted)
    throw new ReadError(`Loki counts ${counted} lines in all, but ${sum} stream by stream, half by half.`);
}

async function readStream(
  client: LokiClient,
  stream: Stream,
  range: TimeRange,
  limit: number,
  extent: ReadExtent,
  onEntry: (entry: ObservedEntry) => void,
): Promise<void> {
  const expected = await client.count(stream.selector, range);
  const slices = slicesOf(range, Math.ceil(expected / Math.max(1, Math.floor(limit / 2))));
  for (let first = 0; first < slices.length; first += concurrentQueries) {
    const answers = slices
      .slice(first, first + concurrentQueries)
      .map((slice) => readSlice(client, stream, slice, limit, extent));
    for (const entries of await Promise.all(answers)) {
      for (const entry of entries) onEntry({ ...entry, stream: stream.labels });
      extent.entries += entries.length;
    }
  }
}

async function readSlice(
  client: LokiClient,
  stream: Stream,
  { startNs, endNs }: TimeRange,
  limit: number,
  extent: ReadExtent,
): Promise<Entry[]> {
  const read: Entry[] = [];
  for (let pageNs = startNs; ; ) {
    extent.queries++;
    // Loki 3.6.4 leaves out a stored line that a question begins with, if it is the last of its chunk and its time is a whole
    // millisecond. So each question begins earlier than what is asked for.
    const range = { startNs: pageNs - nanosPerMs, endNs };
    const answer = await client.entries(stream, range, limit);
    const { isFull } = answer;
    const entries = answer.entries.filter(({ timestampNs }) => timestampNs >= pageNs);
    const newestNs = entries.at(-1)?.timestampNs ?? pageNs;
    if (newestNs === pageNs) {
      if (!isFull) return read.concat(entries);
      throw new ReadError(
        `${limit} or more lines of ${stream.selector} lie in one millisecond, more than Loki answers at once.`,
      );
    }
    // What lies in the newest nanosecond may have been cut, too; it comes again, whole, with the next page.
    for (const entry of entries) if (entry.timestampNs < newestNs) read.push(entry);
    pageNs = newestNs;
  }
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
