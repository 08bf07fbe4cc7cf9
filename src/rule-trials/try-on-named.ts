import { interruptSignal } from "../cli/kit/interrupt.ts";
import { describeSeconds } from "../report/describe.ts";
import { findStored, lastStored } from "../store/run-reference.ts";
import { openPrometheus } from "./own-prometheus.ts";
import type { RuleText } from "./rules-to-try.ts";
import type { TriedRules } from "./tried-rules.ts";
import { tryOnPrometheus } from "./try-on-prometheus.ts";

/** A clock that differs by less is not told of. */
const leastOffsetSeconds = 1;

/**
 * Tries rules on the Prometheus that the reader names, over the times of the runs that the reader names, or of the last one. Nothing is
 * started, and only this address is asked.
 *
 * @param options `out` is the folder of reports
 */
export async function tryOnNamed(
  texts: readonly RuleText[],
  address: string,
  { run: references, out: reportsFolder }: { run?: string[]; out: string },
): Promise<TriedRules> {
  const signal = interruptSignal();
  const folders =
    references === undefined
      ? [await lastStored({ reportsFolder })]
      : await Promise.all(references.map((reference) => findStored(reference, { reportsFolder })));
  const prometheus = await openPrometheus(address, signal);
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  if (!prometheus.areIntervalsTold)
    tell(
      `note: ${prometheus.url} does not tell its configuration; rules without an interval count as evaluated once a minute.`,
    );
  const offsetSeconds = prometheus.clockOffsetMs / 1_000;
  if (Math.abs(offsetSeconds) >= leastOffsetSeconds)
    tell(
      `note: the clock of ${prometheus.url} is ${describeSeconds(Math.abs(offsetSeconds))} ${offsetSeconds > 0 ? "ahead of" : "behind"} this machine's. The times of alerts are off by that, if it was so during the run and the run was made here.`,
    );
  const onRun = (runId: string) => tell(`trying on ${prometheus.url}, over the time of ${runId}`);
  return tryOnPrometheus(texts, folders, prometheus, { onRun, signal });
}
