import { ReadError } from "../../base/read-error.ts";
import type { TimeRange } from "../time-range.ts";
import { containing } from "./logql.ts";
import type { LokiClient } from "./loki-client.ts";
import type { Stream } from "./loki-streams.ts";
import { piecesOf } from "./range-pieces.ts";

/** A stream, and whether a line of it contains the mark. */
export interface MarkedStream {
  stream: Stream;
  isMarked: boolean;
}

const concurrentQueries = 4;
const maxStreams = 1_000;
/** In what a ReadError tells. */
const sink = "loki";

/**
 * The streams that match a selector, and whether a line of each contains the mark. Without a mark no stream does.
 *
 * @throws ReadError if there are too many streams to read one by one, or Loki does not answer
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
  const filter = mark === undefined ? undefined : containing(mark);
  return inGroups(streams, async (stream) => ({
    stream,
    isMarked: filter !== undefined && (await isMarked(client, stream, range, filter)),
  }));
}

/** Does the same for each of some streams, for a few of them at a time. */
export async function inGroups<Each, Result>(
  all: readonly Each[],
  work: (each: Each) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < all.length; first += concurrentQueries)
    results.push(...(await Promise.all(all.slice(first, first + concurrentQueries).map(work))));
  return results;
}

/**
 * A stream that is left out is never checked again, so it is only if Loki neither returns nor counts a line. To return one line takes much less
 * time than to count them, and nearly every stream has one.
 */
async function isMarked(
  client: LokiClient,
  stream: Stream,
  range: TimeRange,
  filter: string,
): Promise<boolean> {
  if ((await firstLine(client, stream, range, filter)) !== undefined) return true;
  return (await client.count(`${stream.selector}${filter}`, range)) > 0;
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
