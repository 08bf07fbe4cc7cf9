import { countOf, describeSeconds } from "../report/describe.ts";
import { row, surroundings } from "../report/markdown.ts";
import { describeBlindSpot, lossBasisWords, noticedWords } from "../report/words/alert-words.ts";
import { requestTimeOf } from "../store/run-id.ts";
import type {
  AlertedRun,
  AlertRecord,
  FalseAlarms,
  Firing,
  Loss,
  ObservedAlerts,
  SetRecord,
} from "./observed-alerts.ts";

const none = "–";
const secondsPerMinute = 60;

/** What the alerts of stored runs were worth, as a page: sets side by side, each loss, each alert, each run. */
export function renderObservedAlerts(observed: ObservedAlerts): string {
  const sections = [
    introduction(observed),
    setsIn(observed),
    lossesIn(observed),
    alertsIn(observed),
    unseenIn(observed),
    runsIn(observed),
    surroundings(observed.runs),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function introduction({ runs, losses }: ObservedAlerts): string {
  const days = [...new Set(runs.map(({ runId }) => requestTimeOf(runId).slice(0, 10)))].sort();
  const span = days.length < 2 ? days[0] : `${days[0]} to ${days.at(-1)}`;
  return [
    "# Would an alert have told?",
    "",
    `Observed in ${countOf(runs.length, "run")}, ${span}. Lines were lost in ${losses.length} of them.`,
    "",
    "Times count from the first fault of a run. The moment of a loss is the earliest at which its first line can have been lost, so that no warning seems",
    "longer than it was. Where a run has shorter retries or a shorter retention than in production, the periods of the rules are shorter by the same factor;",
    "each run's factor is in the last table.",
  ].join("\n");
}

function setsIn({ sets }: ObservedAlerts): string {
  return [
    "## The rule sets side by side",
    "",
    "A loss comes after a wait if a part counted it, and had not yet half a second after the first fault: retries ran out, or lines became too old. These",
    "can be told of in time.",
    "A false alarm is an alert that fires before anything is broken. Those with shortened periods tell more of the shortening than of the rules: a reading",
    "of the metrics may then take half a second at most.",
    "",
    "| set | alerts | losses noticed | in time | in time, of those after a wait | false alarms | with shortened periods | never fired |",
    "|---|---|---|---|---|---|---|---|",
    ...sets.map((set) => row(describeSet(set))),
  ].join("\n");
}

function describeSet({ set, rules, losses, afterWait, falseAlarms, neverFired }: SetRecord): string[] {
  const { "in-time": inTime, late, never, unknown } = losses;
  const open = unknown === 0 ? "" : `, ${unknown} not known`;
  return [
    set,
    `${rules}`,
    `${inTime + late} of ${inTime + late + never + unknown}${open}`,
    `${inTime}`,
    `${afterWait.inTime} of ${afterWait.losses}`,
    describeFalseAlarms(falseAlarms.asWritten),
    describeFalseAlarms(falseAlarms.scaled),
    `${neverFired.length}`,
  ];
}

function describeFalseAlarms({ alarms, calmSeconds }: FalseAlarms): string {
  return `${alarms} in ${(calmSeconds / secondsPerMinute).toFixed(0)} minutes`;
}

function lossesIn({ losses, sets }: ObservedAlerts): string {
  if (losses.length === 0) return "## Every loss\n\nNo line was lost.";
  return [
    "## Every loss",
    "",
    "For each set, the alert that fired first and how long before the loss (`+`) or after it (`-`).",
    "",
    row(["claim", "lines lost", "at", "known by", ...sets.map(({ set }) => set)]),
    `|${"---|".repeat(sets.length + 4)}`,
    ...losses.map((loss) =>
      row([
        loss.run.plan.claim.id,
        `${loss.lost}`,
        describeSeconds(loss.seconds),
        `${lossBasisWords[loss.basis]}${loss.isAfterWait ? "; after a wait" : ""}`,
        ...sets.map(({ set }) => describeFirst(loss, set)),
      ]),
    ),
  ].join("\n");
}

function describeFirst({ bySet }: Loss, set: string): string {
  const notice = bySet.get(set);
  if (notice === undefined) return none;
  const { noticed, first } = notice;
  if (first === undefined) return noticedWords[noticed];
  return `${first.alert} ${describeWarning(first.fired!.warningSeconds)}`;
}

function describeWarning(seconds: number | null): string {
  if (seconds === null) return none;
  return `${seconds > 0 ? "+" : "-"}${describeSeconds(Math.abs(seconds))}`;
}

function alertsIn({ alerts, sets }: ObservedAlerts): string {
  const order = sets.map(({ set }) => set);
  const inOrder = alerts.toSorted((one, other) => order.indexOf(one.set) - order.indexOf(other.set));
  return [
    "## Every alert",
    "",
    "The run shown is one in which it fired and ended, if there is one.",
    "",
    "| alert | fired in | such as | fired after | delivered | ended after | false alarms in |",
    "|---|---|---|---|---|---|---|",
    ...inOrder.map((record) => row(describeRecord(record))),
  ].join("\n");
}

function describeRecord({ set, alert, firings, falselyIn }: AlertRecord): string[] {
  const name = `${set}/${alert}`;
  const falsely = falselyIn.length === 0 ? none : countOf(falselyIn.length, "run");
  const shown = firings.find(({ outcome: { fired } }) => isWhole(fired)) ?? firings[0];
  if (shown === undefined) return [name, "no run", none, none, none, none, falsely];
  return [name, countOf(firings.length, "run"), shown.run.plan.claim.id, ...describeFiring(shown), falsely];
}

/** Whether an alert was delivered and then ended. */
function isWhole({ deliveredSeconds, resolvedSeconds }: Firing["outcome"]["fired"]): boolean {
  return deliveredSeconds !== null && resolvedSeconds !== null;
}

function describeFiring({ outcome: { fired } }: Firing): string[] {
  const { seconds, deliveredSeconds, isDeliveryUnknown, resolvedSeconds } = fired;
  const undelivered = isDeliveryUnknown ? "not known" : "not delivered";
  return [
    describeSeconds(seconds),
    deliveredSeconds === null ? undelivered : `${describeSeconds(deliveredSeconds - seconds)} later`,
    resolvedSeconds === null ? "fired to the end" : describeSeconds(resolvedSeconds),
  ];
}

function unseenIn({ runs }: ObservedAlerts): string {
  const spots = runs.flatMap((run) =>
    run.alerts.blindSpots.map((spot) => `- ${run.plan.claim.id}: ${describeBlindSpot(spot)}.`),
  );
  if (spots.length === 0) return "";
  return ["## When alerts may have been missed", "", ...spots].join("\n");
}

function runsIn({ runs }: ObservedAlerts): string {
  return [
    "<details><summary>Every run, with every alert that fired after a fault</summary>",
    "",
    "| claim | periods times | lines lost | alert | fired after | warning | delivered | ended after |",
    "|---|---|---|---|---|---|---|---|",
    ...runs.flatMap((run) => {
      const firings = run.alerts.alerts.filter(({ fired }) => fired !== null);
      const named = [run.plan.claim.id, describeScale(run), `${run.counts.lost}`];
      if (firings.length === 0) return [row([...named, "none", none, none, none, none])];
      return firings
        .toSorted((one, other) => one.fired!.seconds - other.fired!.seconds)
        .map((outcome) => {
          const fired = outcome.fired!;
          const [after, delivered, ended] = describeFiring({ run, outcome: { ...outcome, fired } });
          const warning = describeWarning(fired.warningSeconds);
          return row([...named, `${outcome.set}/${outcome.alert}`, after!, warning, delivered!, ended!]);
        });
    }),
    "",
    "</details>",
  ].join("\n");
}

function describeScale({ plan }: AlertedRun): string {
  return plan.alerts ? `${Number(plan.alerts.timeScale.toPrecision(3))}` : none;
}
