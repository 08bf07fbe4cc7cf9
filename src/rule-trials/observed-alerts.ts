import type { AlertOutcome, AlertsDocument, Noticed } from "../judge/alerts-document.ts";
import { isLossCertain } from "../judge/loss-certainty.ts";
import type { RunDocument } from "../judge/run-document.ts";

/** A run that observed alerts. */
export type AlertedRun = RunDocument & { alerts: AlertsDocument };

/** A run whose lost lines are known to be lost. */
export interface Loss {
  run: AlertedRun;
  lost: number;
  /** The earliest moment at which the first line can have been lost, in seconds after the first fault. */
  seconds: number;
  basis: NonNullable<AlertsDocument["loss"]>["basis"];
  /** Whether lines were lost only after something had waited, so that an alert could come before: retries ran out, or lines became too old. */
  isAfterWait: boolean;
  /** How each set did, by its name. */
  bySet: Map<string, { noticed: Noticed; first: AlertOutcome | undefined }>;
}

/** How often an alert fired before anything was broken, and in how many seconds without a fault. */
export interface FalseAlarms {
  alarms: number;
  calmSeconds: number;
}

/** What a rule set was worth in all runs. */
export interface SetRecord {
  set: string;
  rules: number;
  losses: Record<Exclude<Noticed, "nothing-lost">, number>;
  /** Of the losses that came after a wait: how many there were, and how many were noticed in time. */
  afterWait: { losses: number; inTime: number };
  /** Of runs in which the periods of the rules were as they are written, and of the others. */
  falseAlarms: { asWritten: FalseAlarms; scaled: FalseAlarms };
  /** Rules that did not fire after a fault in any run. */
  neverFired: string[];
}

/** What an alert did in a run in which it fired after a fault. */
export interface Firing {
  run: AlertedRun;
  outcome: AlertOutcome & { fired: NonNullable<AlertOutcome["fired"]> };
}

/** An alert, and the runs in which it fired after a fault. */
export interface AlertRecord {
  set: string;
  alert: string;
  firings: Firing[];
  /** Runs in which it fired before anything was broken, with its periods as they are written. */
  falselyIn: AlertedRun[];
}

/** What the alerts of stored runs were worth. */
export interface ObservedAlerts {
  runs: AlertedRun[];
  losses: Loss[];
  sets: SetRecord[];
  alerts: AlertRecord[];
}

/** Sooner after the first fault nothing has waited: Promtail's first retry alone comes half a second later. */
const immediateSeconds = 0.5;

export function hasAlerts(run: RunDocument): run is AlertedRun {
  return run.alerts !== undefined;
}

/** Sums up what alerts did in runs. Pure. A run whose loss is not certain counts for no loss. */
export function observedAlerts(runs: readonly AlertedRun[]): ObservedAlerts {
  const losses = runs.filter((run) => run.alerts.loss !== null && isLossCertain(run)).map(lossOf);
  const alerts = recordsOf(runs);
  const sets = [...new Set(runs.flatMap((run) => run.alerts.sets.map(({ set }) => set)))];
  return {
    runs: [...runs],
    losses,
    sets: sets.map((set) => setRecordOf(set, { runs, losses, alerts })),
    alerts,
  };
}

function lossOf(run: AlertedRun): Loss {
  const { loss, sets, alerts, faultAt } = run.alerts;
  const { seconds, basis } = loss!;
  const bySet = sets.map(
    ({ set, noticed }): [string, { noticed: Noticed; first: AlertOutcome | undefined }] => {
      const fired = alerts.filter((each) => each.set === set && each.fired !== null);
      return [set, { noticed, first: fired.toSorted((a, b) => a.fired!.seconds - b.fired!.seconds)[0] }];
    },
  );
  return {
    run,
    lost: run.counts.lost,
    seconds,
    basis,
    isAfterWait: faultAt !== null && basis !== "written" && seconds > immediateSeconds,
    bySet: new Map(bySet),
  };
}

function setRecordOf(
  set: string,
  { runs, losses, alerts }: { runs: readonly AlertedRun[]; losses: Loss[]; alerts: AlertRecord[] },
): SetRecord {
  const watched = runs.filter((run) => run.alerts.sets.some((each) => each.set === set));
  const outcomes = watched.map((run) => run.alerts.sets.find((each) => each.set === set)!);
  const of = (noticed: Noticed) => losses.filter(({ bySet }) => bySet.get(set)?.noticed === noticed).length;
  const waited = losses.filter(({ isAfterWait, bySet }) => isAfterWait && bySet.has(set));
  return {
    set,
    rules: Math.max(...outcomes.map(({ rules }) => rules)),
    losses: { "in-time": of("in-time"), late: of("late"), never: of("never"), unknown: of("unknown") },
    afterWait: {
      losses: waited.length,
      inTime: waited.filter(({ bySet }) => bySet.get(set)!.noticed === "in-time").length,
    },
    falseAlarms: {
      asWritten: falseAlarmsIn(watched.filter(isAsWritten), set),
      scaled: falseAlarmsIn(
        watched.filter((run) => !isAsWritten(run)),
        set,
      ),
    },
    neverFired: alerts
      .filter((each) => each.set === set && each.firings.length === 0)
      .map(({ alert }) => alert),
  };
}

function isAsWritten({ plan }: AlertedRun): boolean {
  return plan.alerts?.timeScale === 1;
}

function falseAlarmsIn(runs: readonly AlertedRun[], set: string): FalseAlarms {
  const alarmsIn = ({ alerts: { sets } }: AlertedRun) => sets.find((each) => each.set === set)!.falseAlarms;
  return {
    alarms: runs.reduce((sum, run) => sum + alarmsIn(run), 0),
    calmSeconds: runs.reduce((sum, run) => sum + calmSecondsOf(run), 0),
  };
}

/** How long alerts were watched before anything was broken. */
function calmSecondsOf({ alerts: { watched, faultAt } }: AlertedRun): number {
  if (watched === null) return 0;
  const untilSeconds = faultAt === null ? watched.toSeconds : 0;
  return Math.max(0, untilSeconds - watched.fromSeconds);
}

function recordsOf(runs: readonly AlertedRun[]): AlertRecord[] {
  const records = new Map<string, AlertRecord>();
  const recordOf = (set: string, alert: string) => {
    const name = `${set}/${alert}`;
    const known = records.get(name) ?? { set, alert, firings: [], falselyIn: [] };
    records.set(name, known);
    return known;
  };
  for (const run of runs) {
    for (const [set, names] of Object.entries(run.alerts.quiet))
      for (const name of names) recordOf(set, name);
    for (const outcome of run.alerts.alerts) {
      const record = recordOf(outcome.set, outcome.alert);
      const { fired } = outcome;
      if (fired !== null) record.firings.push({ run, outcome: { ...outcome, fired } });
      if (outcome.falseAlarms > 0 && isAsWritten(run)) record.falselyIn.push(run);
    }
  }
  return [...records].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, record]) => record);
}
