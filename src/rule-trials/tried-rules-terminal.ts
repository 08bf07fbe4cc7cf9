import type { AlertOutcome } from "../judge/alerts-document.ts";
import { countOf, describeSeconds } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { describeBlindSpot, noticedWords } from "../report/words/alert-words.ts";
import { wrap } from "../report/wrap.ts";
import { describeRuleProblem } from "./rule-problem-words.ts";
import type { TriedRules, TriedRun } from "./tried-rules.ts";

const cellWidth = 34;
const textWidth = 100;
const none = "–";

/** What a rule did in one run, with the run's scenario. */
interface Deed {
  scenario: string;
  lost: number | null;
  outcome: AlertOutcome | undefined;
}

/** What rules would have done in stored runs: the runs, then each rule, then what is wrong with rules. */
export function renderTriedRules(tried: TriedRules): string {
  return `${[runTable(tried.runs), ruleTable(tried.runs), ...notesOf(tried)].filter((part) => part !== "").join("\n")}\n`;
}

function runTable(runs: TriedRun[]): string {
  const rows = runs.map(({ scenario, pipeline, lost, timeScale, alerts }) => [
    wrap(scenario, cellWidth),
    pipeline,
    lost === null ? "not certain" : `${lost}`,
    noticedIn({ lost, alerts }),
    timeScale === 1 ? "as written" : `times ${Number(timeScale.toPrecision(3))}`,
  ]);
  return plainTable(rows, { head: ["scenario", "pipeline", "lines lost", "noticed", "periods"] });
}

/** Where nothing was watched, it is not known either that nothing fired while nothing was lost. */
function noticedIn({ lost, alerts }: Pick<TriedRun, "lost" | "alerts">): string {
  if (alerts.watched === null) return noticedWords.unknown;
  return lost === null ? none : noticedWords[alerts.noticed];
}

function ruleTable(runs: TriedRun[]): string {
  const rows = namesIn(runs).map((name) => {
    const deeds = runs.map((run) => deedOf(run, name));
    const losing = deeds.filter(({ lost }) => lost !== null && lost > 0);
    const warned = (deed: Deed) => deed.outcome?.fired?.warningSeconds ?? undefined;
    const before = losing.filter((deed) => (warned(deed) ?? 0) > 0);
    const after = losing.filter((deed) => warned(deed) !== undefined && warned(deed)! <= 0);
    const never = losing.filter((deed) => warned(deed) === undefined);
    const falseAlarms = deeds.filter(({ outcome }) => (outcome?.falseAlarms ?? 0) > 0);
    return [
      wrap(name, cellWidth),
      cell(before, (deed) => `${deed.scenario} (${describeSeconds(warned(deed)!)})`),
      cell(after, (deed) => `${deed.scenario} (${describeSeconds(-warned(deed)!)})`),
      cell(never, describeNever),
      cell(falseAlarms, ({ scenario, outcome }) => `${scenario} (${outcome!.falseAlarms})`),
    ];
  });
  return plainTable(rows, { head: ["rule", "before the loss", "after the loss", "never", "false alarms"] });
}

function namesIn(runs: TriedRun[]): string[] {
  const names = runs.flatMap(({ alerts }) => [
    ...alerts.alerts.map(({ set, alert }) => `${set}/${alert}`),
    ...Object.entries(alerts.quiet).flatMap(([set, quiet]) => quiet.map((alert) => `${set}/${alert}`)),
  ]);
  return [...new Set(names)].sort();
}

function deedOf({ scenario, lost, alerts }: TriedRun, name: string): Deed {
  return { scenario, lost, outcome: alerts.alerts.find(({ set, alert }) => `${set}/${alert}` === name) };
}

function describeNever({ scenario, outcome }: Deed): string {
  const pending = outcome?.pendingSeconds ?? null;
  if (pending === null) return scenario;
  return `${scenario} (pending for ${describeSeconds(pending)} of ${describeSeconds(outcome!.forSeconds)})`;
}

function cell(deeds: Deed[], describe: (deed: Deed) => string): string {
  return deeds.length === 0 ? none : deeds.map((deed) => wrap(describe(deed), cellWidth)).join("\n");
}

function notesOf(tried: TriedRules): string[] {
  const { problems, unmatched, bornLate, notRecorded, runs, prometheus } = tried;
  const spots = runs.flatMap(({ scenario, alerts }) =>
    alerts.blindSpots.map((spot) => `${scenario}: ${describeBlindSpot(spot)}.`),
  );
  const unwatched = runs.filter(({ alerts }) => alerts.watched === null);
  return [
    ...runs.flatMap(pendingIn),
    ...unwatched.map(({ runId }) => describeUnwatched(runId, prometheus)),
    ...problems.map((problem) => `${describeRuleProblem(problem)}.`),
    ...unmatched.map(
      ({ set, alert, selector }) =>
        `${set}/${alert}: ${selector} matches no series in ${runs.length === 1 ? "this run" : `any of ${countOf(runs.length, "run")}`}.`,
    ),
    ...bornLate.map(
      ({ set, alert, selector, runId, value }) =>
        `${set}/${alert}: ${selector} was born at ${value} in ${runId}, which the functions that look at its rise do not see.`,
    ),
    ...(notRecorded.length === 0
      ? []
      : [
          `Recording rules are not carried out here, so that alerts on ${notRecorded.join(", ")} find nothing.`,
        ]),
    ...spots,
  ].map((note) => wrap(note, textWidth));
}

/** Alerts by which it is not known yet whether a loss was noticed. */
function pendingIn({ scenario, alerts: { noticed, alerts } }: TriedRun): string[] {
  if (noticed !== "unknown") return [];
  return alerts
    .filter(({ mayFireLater }) => mayFireLater)
    .map(
      ({ set, alert, forSeconds }) =>
        `${scenario}: ${set}/${alert}, which waits for ${describeSeconds(forSeconds)}, is still pending and may fire; try it again later.`,
    );
}

function describeUnwatched(runId: string, prometheus: string | null): string {
  if (prometheus === null)
    return `${runId} stored no samples of the time in which alerts count, so that it is not known what these rules would have done.`;
  return `Expected samples of the time of ${runId}, but ${prometheus} has none of up then, which each Prometheus notes for what it reads. So it is not known what these rules would have done. Name a run that this Prometheus was there for (--run RUN), or the Prometheus that reads this pipeline.`;
}
