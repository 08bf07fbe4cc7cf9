import { ReadError } from "../../base/read-error.ts";
import type { TimeRange } from "../time-range.ts";
import type { LokiClient } from "./loki-client.ts";
import type { Entry } from "./loki-entry.ts";
import type { Stream } from "./loki-streams.ts";

/** A part of a stream. */
export interface Slice {
  stream: Stream;
  range: TimeRange;
}

/** What was read of a slice, from its beginning. */
export interface SliceRead {
  entries: Entry[];
  /** What of its range was not read, as that would have been more than the maximum; undefined if it was read to its end. */
  rest: TimeRange | undefined;
  queries: number;
  /** Whether a page was full of lines of one nanosecond, of which there may be more. */
  hasSkipped: boolean;
}

const nanosPerMs = 1_000_000n;

/**
 * Reads every line of a slice, each as often as Loki returns it.
 *
 * @param limit the most lines of one answer
 * @param most after how many lines reading stops: a slice may have many more than expected
 */
export async function readSlice(
  client: LokiClient,
  { stream, range: { startNs, endNs } }: Slice,
  limit: number,
  most: number,
): Promise<SliceRead> {
  const read: SliceRead = { entries: [], rest: undefined, queries: 0, hasSkipped: false };
  const { entries: lines } = read;
  // Loki 3.6.4 omits the first line of a query's range if it is the last line of a stored chunk and its time is a whole millisecond. So
  // each query begins a little earlier than needed, unless the additional lines alone fill the answer.
  let leadNs = nanosPerMs;
  let held: Entry[] = [];
  for (let pageNs = startNs; pageNs < endNs; ) {
    if (lines.length >= most && held.length === 0) {
      read.rest = { startNs: pageNs, endNs };
      return read;
    }
    read.queries++;
    const answer = await client.entries(stream, { startNs: pageNs - leadNs, endNs }, limit);
    const entries = withHeld(held, from(answer.entries, pageNs));
    held = [];
    const newestNs = entries.at(-1)?.timestampNs ?? pageNs;
    const isWhole = entries.length >= answer.entries.length && entries.length > 0;
    if (answer.isFull && isWhole && entries[0]!.timestampNs === newestNs) {
      // All lines of the page have the same time. Whether there are more of them is checked by Loki's count.
      for (const entry of entries) lines.push(entry);
      read.hasSkipped = true;
      pageNs = newestNs + 1n;
      leadNs = 0n;
    } else if (newestNs > pageNs) {
      // The lines of the newest nanosecond may be incomplete. The next page contains them again, completely.
      for (const entry of entries) if (entry.timestampNs < newestNs) lines.push(entry);
      pageNs = newestNs;
      leadNs = nanosPerMs;
    } else if (!answer.isFull) {
      for (const entry of entries) lines.push(entry);
      return read;
    } else if (leadNs > 0n) {
      leadNs = 0n;
      held = entries;
    } else {
      throw new ReadError({ code: "moment-too-full", sink: "loki", stream: stream.selector, most: limit });
    }
  }
  return read;
}

/** The entries from a time on, of entries in the order of time. */
function from(entries: Entry[], ns: bigint): Entry[] {
  const first = entries.findIndex(({ timestampNs }) => timestampNs >= ns);
  if (first === -1) return [];
  return first === 0 ? entries : entries.slice(first);
}

/** An answer, completed by lines of an earlier answer with the time at which it begins, if the earlier answer had more of them. */
function withHeld(held: Entry[], entries: Entry[]): Entry[] {
  if (held.length === 0) return entries;
  const startNs = held[0]?.timestampNs;
  const later = entries.filter(({ timestampNs }) => timestampNs !== startNs);
  return entries.length - later.length < held.length ? [...held, ...later] : entries;
}
