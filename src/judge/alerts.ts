import type { Ledger } from "../load/ledger.ts";
import type { AlertOutcome, AlertsDocument, Noticed } from "./alerts-document.ts";
import type { FaultRecord } from "./fault-record.ts";
import { type LossEvidence, type LossMoment, lossMoment } from "./loss-moment.ts";
import type { Activation, BlindSpot, RecordedAlerts } from "./recorded-alerts.ts";

/** What alerts are judged by. */
export interface AlertsEvidence extends Pick<LossEvidence, "lost" | "ledger"> {
  recorded: RecordedAlerts;
  faults: readonly FaultRecord[];
}

/** The moments of a run that alerts are compared with, in Unix milliseconds. */
interface Moments {
  /** Since when alerts count, and until when they were watched. */
  fromMs: number;
  toMs: number;
  /** Since when something was broken; infinite if nothing was. */
  brokenMs: number;
  /** When the load and all faults had ended, and nothing more was lost, as far as alerts can show it. */
  overMs: number;
  loss: LossMoment | undefined;
  since: (ms: number) => number;
}

/**
 * Judges which alerts noticed a loss, and when. Pure.
 *
 * Only an alert whose condition became true after the first fault counts for it: one that fires anyway says nothing. Before that nothing was
 * broken, so that each such firing is a false alarm. An alert that fired before alerts counted, as when the parts were still starting, is
 * neither; nor is one whose condition became true when all was over, because then no more lines come. If lines were lost without a
 * fault, something was broken from the beginning.
 */
export function judgeAlerts({ recorded, faults, lost, ledger }: AlertsEvidence): AlertsDocument {
  const faultMs = firstFaultMs(faults);
  const loss = lossMoment({ lost, ledger, signals: recorded.lossSignals, faultMs });
  const { watched, rules } = recorded;
  const { fromMs, toMs } = watched ?? { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  const originMs = faultMs ?? watched?.fromMs ?? 0;
  const since = (ms: number) => seconds(ms - originMs);
  const brokenMs = faultMs ?? (loss === undefined ? Number.POSITIVE_INFINITY : fromMs);
  const overMs = endOf(ledger, faults, recorded) + recorded.lagMs;
  const moments: Moments = { fromMs, toMs, brokenMs, overMs, loss, since };
  const outcomes = rules.map((rule) => outcomeOf(rule, recorded, moments));
  const active = outcomes.filter(isActive);
  const sets = [...Map.groupBy(outcomes, ({ set }) => set)].map(([set, ofSet]) =>
    setOutcomeOf(set, ofSet, recorded, moments),
  );
  return {
    noticed: noticedBy(outcomes, recorded, moments),
    faultAt: faultMs === undefined ? null : new Date(faultMs).toISOString(),
    loss: loss === undefined ? null : { seconds: since(loss.atMs), basis: loss.basis },
    sets,
    alerts: active,
    quiet: quietOf(outcomes),
    watched: watched && { fromSeconds: since(watched.fromMs), toSeconds: since(watched.toMs) },
    blindSpots: recorded.blindSpots
      .filter((spot) => overlaps(spot, fromMs, toMs))
      .map(({ fromMs, toMs, ...spot }) => ({ ...spot, fromSeconds: since(fromMs), toSeconds: since(toMs) })),
  };
}

function firstFaultMs(faults: readonly FaultRecord[]): number | undefined {
  if (faults.length === 0) return undefined;
  return Math.min(...faults.map(({ askedAt, startedAt }) => Date.parse(askedAt ?? startedAt)));
}

function outcomeOf(
  { set, alert, severity, forMs }: RecordedAlerts["rules"][number],
  { activations, deliveries, isDeliveryUnknown, isOpenEnded }: RecordedAlerts,
  { fromMs, toMs, brokenMs, overMs, loss, since }: Moments,
): AlertOutcome {
  const own = activations.filter((each) => each.set === set && each.alert === alert);
  const fired = own.filter(({ firedAtMs }) => firedAtMs !== null && firedAtMs >= fromMs);
  const firings = fired.filter(({ activeAtMs }) => activeAtMs >= brokenMs && activeAtMs <= overMs);
  const firedAtMs = Math.min(...firings.map((each) => each.firedAtMs!));
  const endedAtMs = firings.some((each) => each.endedAtMs === null)
    ? null
    : Math.max(...firings.map((each) => each.endedAtMs!));
  const isPendingAtEnd = ({ activeAtMs, firedAtMs, endedAtMs }: Activation) =>
    firedAtMs === null && endedAtMs === null && activeAtMs >= brokenMs && activeAtMs <= overMs;
  const delivered = deliveries.find(
    (each) => each.set === set && each.alert === alert && !each.isResolved && each.atMs >= firedAtMs,
  );
  return {
    set,
    alert,
    severity,
    forSeconds: seconds(forMs),
    falseAlarms: fired.filter(({ activeAtMs }) => activeAtMs < brokenMs && activeAtMs <= overMs).length,
    firings: firings.length,
    afterwards: fired.filter(({ activeAtMs }) => activeAtMs > overMs).length,
    fired:
      firings.length === 0
        ? null
        : {
            seconds: since(firedAtMs),
            warningSeconds: loss === undefined ? null : seconds(loss.atMs - firedAtMs),
            deliveredSeconds: delivered === undefined ? null : since(delivered.atMs),
            ...(isDeliveryUnknown && { isDeliveryUnknown }),
            resolvedSeconds: endedAtMs === null ? null : since(endedAtMs),
          },
    pendingSeconds: firings.length > 0 ? null : longestPendingSeconds(own, { brokenMs, overMs, toMs }),
    ...(isOpenEnded && firings.length === 0 && own.some(isPendingAtEnd) && { mayFireLater: true as const }),
  };
}

/** The longest time for which an alert was pending because of something that broke, of those that did not fire. */
function longestPendingSeconds(
  own: Activation[],
  { brokenMs, overMs, toMs }: Pick<Moments, "brokenMs" | "overMs" | "toMs">,
): number | null {
  const pending = own
    .filter(
      ({ firedAtMs, activeAtMs }) => firedAtMs === null && activeAtMs >= brokenMs && activeAtMs <= overMs,
    )
    .map(({ activeAtMs, endedAtMs }) => (endedAtMs ?? toMs) - activeAtMs)
    .filter((ms) => ms > 0);
  return pending.length === 0 ? null : seconds(Math.max(...pending));
}

/** When the last line was written, the last fault had ended, and the last loss was counted. */
function endOf({ sources }: Ledger, faults: readonly FaultRecord[], { lossSignals }: RecordedAlerts): number {
  return Math.max(
    ...sources.map(({ marks }) => marks.at(-1)?.[1] ?? 0),
    ...faults.map(({ endedAt }) => Date.parse(endedAt)),
    ...lossSignals.map(({ seenAtMs }) => seenAtMs),
  );
}

function isActive({ falseAlarms, firings, afterwards, pendingSeconds, mayFireLater }: AlertOutcome): boolean {
  const isPending = pendingSeconds !== null || mayFireLater === true;
  return falseAlarms > 0 || firings > 0 || afterwards > 0 || isPending;
}

function quietOf(outcomes: AlertOutcome[]): AlertsDocument["quiet"] {
  const quiet = outcomes.filter((outcome) => !isActive(outcome));
  const bySet = Map.groupBy(quiet, ({ set }) => set);
  return Object.fromEntries([...bySet].map(([set, some]) => [set, some.map(({ alert }) => alert)]));
}

function setOutcomeOf(
  set: string,
  outcomes: AlertOutcome[],
  recorded: RecordedAlerts,
  moments: Moments,
): AlertsDocument["sets"][number] {
  const warnings = outcomes.flatMap(({ fired }) => fired?.warningSeconds ?? []);
  return {
    set,
    rules: outcomes.length,
    fired: outcomes.filter(({ fired }) => fired !== null).length,
    falseAlarms: outcomes.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0),
    noticed: noticedBy(outcomes, recorded, moments, set),
    warningSeconds: warnings.length === 0 ? null : Math.max(...warnings),
  };
}

/** @param set only what this rule set may have missed counts; everything if absent */
function noticedBy(
  outcomes: AlertOutcome[],
  { watched, blindSpots, omitted }: RecordedAlerts,
  { loss, fromMs, brokenMs, toMs }: Moments,
  set?: string,
): Noticed {
  if (loss === undefined) return "nothing-lost";
  const warnings = outcomes.flatMap(({ fired }) => fired?.warningSeconds ?? []);
  if (warnings.length > 0) return warnings.some((warning) => warning > 0) ? "in-time" : "late";
  const startMs = Math.max(fromMs, brokenMs);
  const hides = (spot: BlindSpot) =>
    hidesFiring(spot) &&
    (set === undefined || spot.set === null || spot.set === set) &&
    overlaps(spot, startMs, toMs);
  const isUndecided = outcomes.some(({ mayFireLater }) => mayFireLater);
  const isUnseen = watched === null || omitted.activations > 0 || isUndecided || blindSpots.some(hides);
  return isUnseen ? "unknown" : "never";
}

/** Whether an alert may have fired unseen, and not only been delivered unseen. */
export function hidesFiring({ what }: Pick<BlindSpot, "what">): boolean {
  return what !== "alertmanager" && what !== "receiver";
}

function overlaps(spot: BlindSpot, fromMs: number, toMs: number): boolean {
  return spot.toMs >= fromMs && spot.fromMs <= toMs;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1_000;
}
