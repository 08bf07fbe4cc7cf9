import { pause } from "../base/abortable-pause.ts";
import { UnavailableError } from "../base/errors.ts";
import { ReadError } from "../base/read-error.ts";
import { Arrivals } from "../load/arrivals.ts";
import type { Generator } from "../load/generator.ts";
import type { Sink } from "../sinks/sink.ts";

const probeMs = 50;
/** Promtail looks for new files every 5 s and sends a batch after 1 s. */
const timeoutMs = 60_000;

/**
 * Waits until the first line of each of a trial's files is readable, so that no time of the trial is spent on finding the files.
 *
 * @throws UnavailableError if it takes longer than a minute
 */
export async function awaitSentinels(sink: Sink, writer: Generator, signal: AbortSignal): Promise<void> {
  const { sources } = writer.plan;
  const untilMs = Date.now() + timeoutMs;
  const watch = sink.follow({
    clock: writer.clock,
    arrivals: new Arrivals(Date.now(), new Map()),
    sources: sources.length,
    signal: () => signal,
  });
  while (watch.sentinels.size < sources.length) {
    if (Date.now() > untilMs)
      throw new UnavailableError(
        `${sources.length - watch.sentinels.size} of ${sources.length} new files of a trial were not read within ${timeoutMs / 1_000} s. ` +
          "The pipeline may still be busy with lines of an earlier trial; a lower --max leaves it less of them.",
      );
    await watch.look().catch((thrown) => {
      if (!(thrown instanceof ReadError)) throw thrown;
    });
    await pause(probeMs, signal);
  }
}
