import { markOf } from "../../load/line.ts";
import type { LokiClient, TimeRange } from "./loki-client.ts";
import { firstLine, markedStreams } from "./loki-reader.ts";

/** A stream that contains lines of a run and lines of other sources. */
export interface SharedStream {
  /** Its selector. */
  stream: string;
  /** How many lines in it do not contain the seed of the run. */
  lines: number;
  /** One of them. */
  sample: string;
}

/** What a selector matches in addition to the lines of a run. */
export interface ForeignLines {
  /** The selectors of streams without a line of the run. */
  beside: string[];
  /** The first stream with both; undefined if there is none. */
  shared: SharedStream | undefined;
}

/**
 * Looks for lines of other sources that a selector matches, by letting Loki count them; only a sample is read.
 *
 * @throws ReadError if Loki does not answer
 */
export async function findForeign(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  seed: string,
): Promise<ForeignLines> {
  await client.limits(selector, range);
  const streams = await markedStreams(client, selector, range, markOf(seed));
  const beside = streams.filter(({ marked }) => marked === 0).map(({ stream }) => stream.selector);
  for (const { stream, marked } of streams) {
    if (marked === 0) continue;
    // By the seed alone, because a damaged line may still contain it.
    const filter = ` != ${JSON.stringify(`${seed}/`)}`;
    const lines = await client.count(`${stream.selector}${filter}`, range);
    if (lines === 0) continue;
    const sample = await firstLine(client, stream, range, filter);
    return { beside, shared: { stream: stream.selector, lines, sample: sample ?? "" } };
  }
  return { beside, shared: undefined };
}
