import { isBusy, isWaitingForDisk } from "../base/machine-use.ts";
import { trialLossRatio } from "./search/trial-result.ts";
import type { Limit, Processors, Trial } from "./throughput-document.ts";

/** What one busy thread uses; its process may have others that do a little. */
const oneProcessor = { from: 0.9, to: 1.15 };

/** What was in the way in those of some trials that lost lines or had late ones: each kind once, as the worst trial shows it. */
export function limitsOf(trials: readonly Trial[]): Limit[] {
  const worst = trials.toSorted((one, other) => trialLossRatio(other) - trialLossRatio(one))[0];
  return worst === undefined || trialLossRatio(worst) === 0 ? [] : limitsIn(worst);
}

/** Whether a trial says more about this machine, or about Everyline, than about the pipeline. */
export function isMachineAtItsEnd({
  writtenLate,
  processors,
}: Pick<Trial, "writtenLate" | "processors">): boolean {
  return writtenLate > 0 || isBusy(processors) || isWaitingForDisk(processors);
}

/**
 * Whether an instance used about one processor. It may have a single thread that does the work, which a faster processor would help, though
 * others of this machine had nothing to do.
 */
export function isThreadAtItsEnd({ processors: { instances } }: Pick<Trial, "processors">): boolean {
  return Object.values(instances).some((used) => used >= oneProcessor.from && used <= oneProcessor.to);
}

/** The instance that used most of the processors, and how many; undefined if that was not measured of any. */
export function busiestOf({
  instances,
}: Pick<Processors, "instances">): [instance: string, used: number] | undefined {
  return Object.entries(instances).toSorted(([, one], [, other]) => other - one)[0];
}

function limitsIn({ refused, writtenLate, processors }: Trial): Limit[] {
  const [instance, used] = busiestOf(processors) ?? [null, null];
  const found: Limit[] = [];
  if (Object.keys(refused).length > 0) found.push({ by: "refusals", refused });
  if (writtenLate > 0) found.push({ by: "writer", writtenLate });
  if (isBusy(processors)) found.push({ by: "machine", busy: processors.busy, instance, used });
  if (isWaitingForDisk(processors)) found.push({ by: "disk", diskWait: processors.diskWait! });
  return found.length > 0 ? found : [{ by: "lag", instance, used }];
}
