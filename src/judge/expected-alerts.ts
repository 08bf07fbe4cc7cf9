import type { Plan } from "../plan/plan.ts";
import { hidesFiring } from "./alerts.ts";
import type { AlertsDocument } from "./alerts-document.ts";
import type { Silence } from "./judge.ts";
import type { Reservation } from "./reasons.ts";

/** How the alerts of a run differ from what is expected of them. */
export interface UnmetExpectation {
  silence: Silence | undefined;
  reservations: Reservation[];
}

/**
 * Compares the alerts of a run with the expectation that a loss is noticed. Only alerts that were watched all the time break it: otherwise one
 * may have fired unseen.
 *
 * @param alerts undefined if none were observed
 * @param lost the number of lines that were lost
 */
export function expectedOf(
  plan: Pick<Plan, "alerts">,
  alerts: AlertsDocument | undefined,
  lost: number,
): UnmetExpectation {
  const met: UnmetExpectation = { silence: undefined, reservations: [] };
  if (!plan.alerts?.expected || alerts === undefined || lost === 0) return met;
  const { noticed, sets, blindSpots } = alerts;
  if (noticed === "never") {
    const rules = sets.reduce((sum, set) => sum + set.rules, 0);
    return { silence: { code: "silent-loss", lines: lost, rules }, reservations: [] };
  }
  if (noticed === "unknown") {
    const spots = blindSpots.filter(hidesFiring);
    const pending = alerts.alerts.find(({ mayFireLater }) => mayFireLater);
    const doubt = {
      code: "alerts-unobserved",
      lines: lost,
      spots: spots.length,
      first: spots[0] ?? null,
      ...(pending && { pending: `${pending.set}/${pending.alert}` }),
    } as const;
    return { silence: undefined, reservations: [doubt] };
  }
  const fired = alerts.alerts.flatMap(({ fired }) => fired ?? []);
  // Where there is nothing to ask, all that is expected of an alert is that it fires.
  if (fired.some(({ deliveredSeconds, isDeliveryUnknown }) => deliveredSeconds !== null || isDeliveryUnknown))
    return met;
  const first = blindSpots.find((spot) => !hidesFiring(spot)) ?? null;
  return {
    silence: undefined,
    reservations: [{ code: "alerts-undelivered", alerts: fired.length, first }],
  };
}
