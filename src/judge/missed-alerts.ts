import type { Plan } from "../plan/plan.ts";
import { hidesFiring } from "./alerts.ts";
import type { AlertOutcome, AlertsDocument } from "./alerts-document.ts";
import type { MissedAlert } from "./judge.ts";
import type { Reservation } from "./reasons.ts";

/** The alerts that did not do what the scenario makes them do, and those of which that is not known. */
export interface MissedAlerts {
  missed: MissedAlert[];
  reservations: Reservation[];
}

/**
 * Compares the alerts of a run with those that its scenario makes fire: each has to fire after the first fault, be delivered, and end. Where
 * alerts may have been missed, it is not known that one did not.
 *
 * @param alerts undefined if none were observed
 */
export function missedAlerts(plan: Pick<Plan, "alerts">, alerts: AlertsDocument | undefined): MissedAlerts {
  const missed: MissedAlert[] = [];
  const reservations: Reservation[] = [];
  for (const name of plan.alerts?.mustFire ?? []) {
    const outcome = alerts?.alerts.find(({ set, alert }) => `${set}/${alert}` === name);
    const what = whatIsMissing(outcome);
    if (what === undefined) continue;
    const spots = alerts?.blindSpots.filter((spot) => (what === "not-delivered") !== hidesFiring(spot)) ?? [];
    const isUnseen = alerts === undefined || alerts.watched === null || spots.length > 0;
    if (isUnseen) reservations.push({ code: "alert-unseen", alert: name, first: spots[0] ?? null });
    else
      missed.push({
        code: "alert-missed",
        alert: name,
        what,
        pendingSeconds: outcome?.pendingSeconds ?? null,
      });
  }
  return { missed, reservations };
}

function whatIsMissing(outcome: AlertOutcome | undefined): MissedAlert["what"] | undefined {
  const fired = outcome?.fired ?? null;
  if (fired === null) return "not-fired";
  if (fired.deliveredSeconds === null) return "not-delivered";
  return fired.resolvedSeconds === null ? "not-ended" : undefined;
}
