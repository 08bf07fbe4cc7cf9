import type { ForeignLines } from "../sink.ts";
import { containing, lacking } from "./filters.ts";
import type { VictoriaLogsClient } from "./victorialogs-client.ts";

/**
 * Looks for lines of other sources that a selector matches, by letting VictoriaLogs count them; only a sample is read.
 *
 * @param mark text that every line of the run contains
 * @throws ReadError if VictoriaLogs does not answer
 */
export async function findForeign(
  client: VictoriaLogsClient,
  selector: string,
  seed: string,
  mark: string,
): Promise<ForeignLines> {
  const all = await client.streams(selector);
  const own = await client.streams(`${selector} ${containing(mark)}`);
  const isOwn = new Set(own.map(({ id }) => id));
  const beside = all.flatMap(({ stream, id }) => (isOwn.has(id) ? [] : [stream]));
  // By the seed alone, because a damaged line may still contain it.
  const others = `${selector} ${lacking(`${seed}/`)}`;
  const [shared] = (await client.streams(others)).filter(({ id }) => isOwn.has(id));
  if (shared === undefined) return { beside, shared: undefined };
  const sample = await client.first(`${others} _stream_id:${shared.id}`);
  const { stream, lines } = shared;
  return { beside, shared: { stream, lines, sample: sample?.line ?? "" } };
}
