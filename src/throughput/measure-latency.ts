import { pause } from "../base/abortable-pause.ts";
import { ReadError } from "../base/read-error.ts";
import { shareOf } from "../load/load-plan.ts";
import type { SinkWatch } from "../sinks/sink.ts";
import { LatencyArrivals } from "./latency-arrivals.ts";
import { latencyFigures } from "./latency-figures.ts";
import { ProcessorUse } from "./processor-use.ts";
import type { LatencyTrial } from "./throughput-document.ts";
import type { TrialStack } from "./trial-stack.ts";
import { withTrialLoad } from "./with-trial-load.ts";

const restMs = 20;
/** Lines that are not seen this long after the last write are not waited for. */
const longestWaitMs = 30_000;

/**
 * Writes lines at a rate and looks all the time which of them are readable, which takes a part of what the pipeline can do.
 *
 * @param share the share of the highest rate that is written, from 0 to 1
 * @param number which trial of the search it is, from 1
 * @throws UnavailableError if the shipper does not find the trial's files, or a line cannot be written
 */
export async function measureLatency(
  on: TrialStack,
  { share, load, durationSeconds }: { share: number; load: number; durationSeconds: number },
  number: number,
): Promise<LatencyTrial> {
  return withTrialLoad(on, { load, durationSeconds }, number, async ({ sink, writer }) => {
    const { sources, lines } = writer.plan;
    const shares = new Map(sources.map((source, index) => [source, shareOf(lines, index, sources.length)]));
    const arrivals = new LatencyArrivals(Date.now(), shares);
    const { clock } = writer;
    const watch = sink.follow({ clock, arrivals, sources: sources.length, signal: () => on.signal });
    const use = await ProcessorUse.start(on.stack.instances());
    writer.start();
    let writtenAtMs = Number.POSITIVE_INFINITY;
    const finished = writer.finished.finally(() => {
      writtenAtMs = Date.now();
    });
    finished.catch(() => {});
    while (arrivals.seen.count < lines && Date.now() < writtenAtMs + longestWaitMs) {
      await look(watch, arrivals);
      await pause(restMs, on.signal);
    }
    const processors = await use.end();
    return { share, load, durationSeconds, ...latencyFigures(await finished, arrivals), processors };
  });
}

async function look(watch: SinkWatch, arrivals: LatencyArrivals): Promise<void> {
  const beganAtMs = Date.now();
  try {
    await watch.look();
    arrivals.endLook(beganAtMs, Date.now());
  } catch (thrown) {
    if (!(thrown instanceof ReadError)) throw thrown;
  }
}
