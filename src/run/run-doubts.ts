import { showsReplay } from "../faults/effects.ts";
import type { Observation } from "../judge/observation.ts";
import type { Observed } from "../judge/track.ts";
import { unreadAgain } from "../judge/unread-again.ts";
import { describeChange } from "../places/describe-change.ts";
import { describeReplay } from "../sinks/loki/loki-totals.ts";
import type { LiveRun } from "./live-run.ts";
import type { LoadedRun } from "./load-and-break.ts";
import type { ReadRun } from "./read-everything.ts";

/**
 * Why the counts of a run cannot be trusted.
 *
 * @param unsettled why missing lines may still arrive
 */
export async function runDoubts(
  live: LiveRun,
  { ledger, faults, readableAtKills }: LoadedRun,
  read: ReadRun,
  observations: Observation[],
  unsettled: string | undefined,
): Promise<string[]> {
  const { setup, writer, stack, watching, loki } = live;
  const isAllThere = observations.at(-1)!.deliveredCount() === writer.written;
  const wereAllEffective = faults.every(({ effective }) => effective);
  return [
    ...read.doubts,
    ...(unsettled === undefined || isAllThere ? [] : [unsettled]),
    ...(isAllThere && wereAllEffective ? emptyHandedDoubts(readableAtKills) : []),
    ...changesDoubts((await stack.changes(stack.services)).map(describeChange)),
    ...(setup.request.withFaults
      ? []
      : ["The faults were disabled (--no-faults), so nothing was put to the test."]),
    ...unreadAgain(ledger, watching.arrivals, read.observations, await loki.startedAtMs()),
  ];
}

/** What an observer did not see may be what a verdict would have to rest on. */
export function observerDoubts(observed: readonly Observed[]): string[] {
  return observed
    .filter(({ isGroundOfVerdict, failure }) => isGroundOfVerdict && failure !== null)
    .map(
      ({ observer, failure }) =>
        `The observer of ${observer} failed, so that not everything was seen: ${failure}`,
    );
}

/** A Loki that has no line yet when it is killed has none to lose, whatever it keeps. */
function emptyHandedDoubts(readableAtKills: number[]): string[] {
  if (readableAtKills.length === 0 || readableAtKills.some((readable) => readable > 0)) return [];
  return [
    "No line could be read yet when Loki was killed, so that it had none to lose; write more of them, with --lines or --rate.",
  ];
}

/** What somebody else does to the stack may be what loses lines. */
function changesDoubts(changes: string[]): string[] {
  return changes.length === 0 ? [] : [`Something else changed the stack: ${changes.join(", ")}.`];
}

/**
 * What belongs to a verdict that is not `holds` without leading to it.
 *
 * @param unchecked how many mounted files were not compared with the user's
 * @param unproven why the sentinels did not arrive, where that is what the scenario claims
 */
export function runRemarks(
  { faults }: LoadedRun,
  read: ReadRun,
  unchecked: number,
  unproven: string | undefined,
): string[] {
  const isReplayAsked = faults.some(showsReplay);
  return [
    ...(unchecked > 0 ? [`${unchecked} files that containers mount were not compared with the user's.`] : []),
    ...(unproven === undefined ? [] : [unproven]),
    ...read.remarks,
    ...(isReplayAsked ? [describeReplay(read.replay)] : []),
  ];
}
