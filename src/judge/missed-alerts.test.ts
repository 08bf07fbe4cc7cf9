import { describe, expect, it } from "vitest";
import type { AlertOutcome, AlertsDocument } from "./alerts-document.ts";
import { missedAlerts } from "./missed-alerts.ts";

const plan = { alerts: { timeScale: 1, ruleSets: ["one"], expected: false, mustFire: ["one/A"] } };
const whole = { seconds: 1, warningSeconds: null, deliveredSeconds: 2, resolvedSeconds: 3 };

function document(
  fired: AlertOutcome["fired"] | undefined,
  changes: Partial<AlertsDocument> = {},
): AlertsDocument {
  const outcome = {
    set: "one",
    alert: "A",
    severity: null,
    forSeconds: 5,
    falseAlarms: 0,
    firings: 1,
    afterwards: 0,
  };
  return {
    noticed: "nothing-lost",
    faultAt: null,
    loss: null,
    sets: [],
    alerts: fired === undefined ? [] : [{ ...outcome, fired, pendingSeconds: fired === null ? 4 : null }],
    quiet: {},
    watched: { fromSeconds: 0, toSeconds: 9 },
    blindSpots: [],
    ...changes,
  };
}

function spot(what: "prometheus" | "alertmanager"): AlertsDocument["blindSpots"][number] {
  const problem = { code: "no-answer", message: "refused" } as const;
  return { what, set: null, name: null, fromSeconds: 1, toSeconds: 2, problem };
}

const missing = (what: string, pendingSeconds: number | null = null) => [
  { code: "alert-missed", alert: "one/A", what, pendingSeconds },
];

describe("an alert that a scenario makes fire", () => {
  it("has done it where it fired, was delivered and ended, and only that is asked", () => {
    expect(missedAlerts(plan, document(whole))).toEqual({ missed: [], reservations: [] });
    expect(missedAlerts({ alerts: null }, undefined)).toEqual({ missed: [], reservations: [] });
  });

  it.each<[string, AlertOutcome["fired"] | undefined, number | null]>([
    ["not-fired", undefined, null],
    ["not-fired", null, 4],
    ["not-delivered", { ...whole, deliveredSeconds: null }, null],
    ["not-ended", { ...whole, resolvedSeconds: null }, null],
  ])("is missed where it was %s", (what, fired, pendingSeconds) => {
    expect(missedAlerts(plan, document(fired))).toEqual({
      missed: missing(what, pendingSeconds),
      reservations: [],
    });
  });

  it("may have fired unseen where rules were not watched, and been delivered unseen where deliveries were not", () => {
    const [prometheus, alertmanager] = [spot("prometheus"), spot("alertmanager")];
    const unseen = (first: unknown) => ({
      missed: [],
      reservations: [{ code: "alert-unseen", alert: "one/A", first }],
    });
    expect(missedAlerts(plan, undefined)).toEqual(unseen(null));
    expect(missedAlerts(plan, document(undefined, { watched: null }))).toEqual(unseen(null));
    expect(missedAlerts(plan, document(null, { blindSpots: [prometheus] }))).toEqual(unseen(prometheus));
    expect(missedAlerts(plan, document(null, { blindSpots: [alertmanager] }))).toEqual({
      missed: missing("not-fired", 4),
      reservations: [],
    });
    const undelivered = { ...whole, deliveredSeconds: null };
    expect(missedAlerts(plan, document(undelivered, { blindSpots: [alertmanager] }))).toEqual(
      unseen(alertmanager),
    );
    expect(missedAlerts(plan, document(undelivered, { blindSpots: [prometheus] }))).toEqual({
      missed: missing("not-delivered"),
      reservations: [],
    });
  });
});
