import { describeSeconds } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { noticedWords } from "../report/words/alert-words.ts";
import { wrap } from "../report/wrap.ts";
import type { Loss, ObservedAlerts } from "./observed-alerts.ts";

const cellWidth = 40;
const secondsPerMinute = 60;

/** What the rule sets of stored runs were worth, side by side, then each loss with the alert that told of it first. */
export function renderObservedSets(observed: ObservedAlerts): string {
  return `${[setTable(observed), lossTable(observed)].join("\n")}\n`;
}

function setTable({ sets }: ObservedAlerts): string {
  const rows = sets.map(({ set, rules, losses: noticed, falseAlarms, neverFired }) => [
    set,
    `${rules}`,
    `${noticed["in-time"] + noticed.late} of ${sumOf(Object.values(noticed))}`,
    `${noticed["in-time"]}`,
    `${falseAlarms.asWritten.alarms} in ${(falseAlarms.asWritten.calmSeconds / secondsPerMinute).toFixed(0)} min`,
    `${neverFired.length}`,
  ]);
  const head = ["rule set", "alerts", "losses noticed", "in time", "false alarms", "never fired"];
  return plainTable(rows, { head });
}

function sumOf(numbers: number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

function lossTable({ losses }: ObservedAlerts): string {
  if (losses.length === 0) return "No line was lost in these runs.";
  const rows = losses.map((loss) => [
    wrap(loss.run.plan.claim.id, cellWidth),
    `${loss.lost}`,
    noticedWords[loss.run.alerts.noticed],
    wrap(describeFirst(loss), cellWidth),
  ]);
  return plainTable(rows, { head: ["claim", "lines lost", "noticed", "first alert"] });
}

function describeFirst({ bySet }: Loss): string {
  const [first] = [...bySet.values()]
    .flatMap(({ first }) => first ?? [])
    .toSorted((one, other) => one.fired!.seconds - other.fired!.seconds);
  if (first === undefined) return "–";
  const seconds = first.fired!.warningSeconds!;
  const when = seconds > 0 ? `${describeSeconds(seconds)} before` : `${describeSeconds(-seconds)} after`;
  return `${first.set}/${first.alert}, ${when}`;
}

/** The same for programs: the schema `everyline/observed-alerts@1`, with each run as its id. */
export function jsonOfObserved({ runs, losses, sets, alerts }: ObservedAlerts): string {
  const document = {
    schema: "everyline/observed-alerts@1",
    runs: runs.map(({ runId }) => runId),
    losses: losses.map(({ run, bySet, ...loss }) => ({
      runId: run.runId,
      claim: run.plan.claim.id,
      ...loss,
      sets: Object.fromEntries(
        [...bySet].map(([set, { noticed, first }]) => [set, { noticed, first: first?.alert ?? null }]),
      ),
    })),
    sets,
    alerts: alerts.map(({ set, alert, firings, falselyIn }) => ({
      set,
      alert,
      firings: firings.map(({ run: { runId }, outcome: { fired } }) => ({ runId, ...fired })),
      falselyIn: falselyIn.map(({ runId }) => runId),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
