import type { ForeignLines } from "../sink.ts";
import type { TimeRange } from "../time-range.ts";
import type { LokiClient } from "./loki-client.ts";
import { firstLine, markedStreams } from "./marked-streams.ts";

/**
 * Looks for lines of other sources that a selector matches, by letting Loki count them; only a sample is read.
 *
 * @throws ReadError if Loki does not answer
 */
export async function findForeign(
  client: LokiClient,
  selector: string,
  range: TimeRange,
  { seed, mark }: { seed: string; mark: string },
): Promise<ForeignLines> {
  await client.limits(selector, range);
  const streams = await markedStreams(client, selector, range, mark);
  const beside = streams.filter(({ isMarked }) => !isMarked).map(({ stream }) => stream.selector);
  for (const { stream, isMarked } of streams) {
    if (!isMarked) continue;
    // By the seed alone, because a damaged line may still contain it.
    const filter = ` != ${JSON.stringify(`${seed}/`)}`;
    const lines = await client.count(`${stream.selector}${filter}`, range);
    if (lines === 0) continue;
    const sample = await firstLine(client, stream, range, filter);
    return { beside, shared: { stream: stream.selector, lines, sample: sample ?? "" } };
  }
  return { beside, shared: undefined };
}
