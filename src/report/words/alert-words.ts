import type { AlertOutcome, AlertsDocument, Noticed } from "../../judge/alerts-document.ts";
import type { Reason } from "../../judge/reasons.ts";
import type { LossBasis } from "../../judge/recorded-alerts.ts";
import { countOf, describeSeconds } from "../describe.ts";

type BlindSpot = AlertsDocument["blindSpots"][number];
type Outcome = Pick<AlertsDocument, "noticed" | "loss" | "alerts" | "sets">;

/** How the moment of a loss is known, as the end of a sentence. */
const bases: Record<LossBasis, string> = {
  "shipper-dropped": "by the shipper's count of lines that it gave up",
  "sink-refused": "by the sink's count of lines that it refused",
  "kafka-deleted": "by the oldest offset that Kafka still had",
  "dead-lettered": "by the consumer's count of dead letters",
  written: "as it was not before it was written, nor before the first fault",
};

/** The same in a word or two, for tables. */
export const lossBasisWords: Record<LossBasis, string> = {
  "shipper-dropped": "the shipper gave up",
  "sink-refused": "the sink refused",
  "kafka-deleted": "Kafka deleted",
  "dead-lettered": "dead letters",
  written: "not before it was written and something was broken",
};

/** What was not seen, or did not work. */
const subjects: Record<BlindSpot["what"], string> = {
  prometheus: "Prometheus",
  set: "the rule set",
  group: "the rule group",
  rule: "the alert rule",
  alertmanager: "Alertmanager",
  receiver: "the receiver of Alertmanager",
};

/** How a loss was noticed, in a word or two, for tables. */
export const noticedWords: Record<Noticed, string> = {
  "nothing-lost": "nothing was lost",
  "in-time": "in time",
  late: "after the loss",
  never: "not noticed",
  unknown: "not known",
};

/** What an alert did not do that its scenario makes it do, as the end of a sentence. */
export const missedWords: Record<Extract<Reason, { code: "alert-missed" }>["what"], string> = {
  "not-fired": "did not fire after the first fault",
  "not-delivered": "fired, and was not delivered by Alertmanager",
  "not-ended": "fired, and had not ended when the run did",
};

/** Whether a loss was noticed and how long before it, in a sentence. */
export function describeNotice({ noticed, loss, alerts, sets }: Outcome): string {
  const rules = countOf(
    sets.reduce((sum, set) => sum + set.rules, 0),
    "alert rule",
  );
  if (noticed === "nothing-lost") return `No line was lost. ${describeFired(alerts, rules)}`;
  if (noticed === "never") return `Lines were lost, and none of ${rules} fired after the first fault.`;
  const undecided = alerts.find(({ mayFireLater }) => mayFireLater);
  if (noticed === "unknown" && undecided !== undefined)
    return `Lines were lost. None of ${rules} was seen to fire after the first fault, but ${nameOf(undecided)} was still pending at the end and may have fired later.`;
  if (noticed === "unknown")
    return `Lines were lost. None of ${rules} was seen to fire after the first fault, but one may have been missed.`;
  const [first] = byWarning(alerts);
  const warning = first!.fired!.warningSeconds!;
  const when = warning > 0 ? `${describeSeconds(warning)} before` : `${describeSeconds(-warning)} after`;
  return `${nameOf(first!)} fired ${when} the first line can have been lost, ${bases[loss!.basis]}.`;
}

function describeFired(alerts: AlertOutcome[], rules: string): string {
  const fired = alerts.filter(({ firings }) => firings > 0).length;
  return fired === 0 ? `None of ${rules} fired after a fault.` : `${fired} of ${rules} fired after a fault.`;
}

/** Those that fired after the first fault, the earliest first. */
function byWarning(alerts: AlertOutcome[]): AlertOutcome[] {
  return alerts
    .filter(({ fired }) => fired !== null)
    .toSorted((one, other) => one.fired!.seconds - other.fired!.seconds);
}

/** What the alerts did: first those that fired, the earliest first, then those that fired too early or were only pending. */
export function describeAlerts(
  { alerts, sets }: Pick<AlertsDocument, "alerts" | "sets">,
  most: number,
): string[] {
  const inOrder = inOrderOfFiring(alerts);
  const omitted = inOrder.length - most;
  return [
    ...inOrder.slice(0, most).map(describeAlert),
    ...(omitted > 0 ? [`and ${omitted} more`] : []),
    ...(sets.length > 0 ? [describeSilentSets(sets)] : []),
  ].filter((text) => text !== "");
}

/** The alerts that fired since the first fault, the earliest first, then the others. */
export function inOrderOfFiring(alerts: AlertOutcome[]): AlertOutcome[] {
  return [...byWarning(alerts), ...alerts.filter(({ fired }) => fired === null)];
}

function describeSilentSets(sets: AlertsDocument["sets"]): string {
  const silent = sets
    .filter(({ fired }) => fired === 0)
    .map(({ set, rules }) => `${set} (${countOf(rules, "rule")})`);
  return silent.length === 0 ? "" : `none fired of ${silent.join(", ")}`;
}

/** An alert and what it did, in a few words. */
function describeAlert(outcome: AlertOutcome): string {
  return `${nameOf(outcome)}: ${describeDeeds(outcome).join(", ")}`;
}

/** What an alert did, one thing a text. */
export function describeDeeds({
  fired,
  falseAlarms,
  afterwards,
  pendingSeconds,
  mayFireLater,
  forSeconds,
}: AlertOutcome): string[] {
  return [
    ...(falseAlarms === 0
      ? []
      : [`fired ${timesOf(falseAlarms)} for something that was there before any fault`]),
    ...(fired === null ? [] : describeFiring(fired)),
    ...(pendingSeconds === null
      ? []
      : [`was pending for ${describeSeconds(pendingSeconds)} of its ${describeSeconds(forSeconds)}`]),
    ...(mayFireLater ? ["may have fired later"] : []),
    ...(afterwards === 0 ? [] : [`fired ${timesOf(afterwards)} when all was over, which does not count`]),
  ];
}

function describeFiring(fired: NonNullable<AlertOutcome["fired"]>): string[] {
  const { seconds, warningSeconds, resolvedSeconds } = fired;
  const warning =
    warningSeconds === null
      ? []
      : [
          warningSeconds > 0
            ? `${describeSeconds(warningSeconds)} before the loss`
            : `${describeSeconds(-warningSeconds)} after the loss`,
        ];
  return [
    `fired ${describeSeconds(seconds)} after the first fault`,
    ...warning,
    describeDelivery(fired),
    resolvedSeconds === null
      ? "still firing at the end"
      : `resolved ${describeSeconds(resolvedSeconds - seconds)} after it fired`,
  ];
}

/** Whether and when an alert was delivered. */
function describeDelivery({
  seconds,
  deliveredSeconds,
  isDeliveryUnknown,
}: NonNullable<AlertOutcome["fired"]>): string {
  if (deliveredSeconds !== null) return `delivered ${describeSeconds(deliveredSeconds - seconds)} later`;
  return isDeliveryUnknown ? "not known whether it was delivered" : "not delivered";
}

/** When and why alerts may have been missed, as the end of a sentence. */
export function describeBlindSpot(spot: BlindSpot): string {
  const { what, set, name, fromSeconds, toSeconds } = spot;
  const named = [set, name].filter((part) => part !== null).join("/");
  const subject = `${subjects[what]} ${named}`.trimEnd();
  const span = `from ${describeMoment(fromSeconds)} to ${describeMoment(toSeconds)} the first fault`;
  return `${subject} ${describeProblem(spot)} ${span}`;
}

function describeMoment(seconds: number): string {
  return seconds < 0 ? `${describeSeconds(-seconds)} before` : `${describeSeconds(seconds)} after`;
}

function describeProblem({ problem }: BlindSpot): string {
  switch (problem.code) {
    case "no-answer":
      return `did not answer (${problem.message})`;
    case "ended":
      return `ended by itself with exit code ${problem.exitCode} (its last words: ${problem.lastWords.replaceAll("\n", "; ")})`;
    case "evaluation-failed":
      return `could not be evaluated (${problem.message})`;
    case "not-loaded":
      return "was not loaded";
    case "not-evaluated":
      return `was not evaluated, though it should be each ${describeSeconds(problem.intervalMs / 1_000)},`;
  }
}

function nameOf({ set, alert }: Pick<AlertOutcome, "set" | "alert">): string {
  return `${set}/${alert}`;
}

function timesOf(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
