import { describe, expect, it } from "vitest";
import type { AlertsDocument } from "./alerts-document.ts";
import { expectedOf } from "./expected-alerts.ts";

const plan = { alerts: { timeScale: 1, ruleSets: ["one"], expected: true } };
const spot = {
  what: "prometheus",
  set: null,
  name: null,
  fromSeconds: 1,
  toSeconds: 2,
  problem: { code: "no-answer", message: "refused" },
} as const;

function alertsWith(changes: Partial<AlertsDocument>): AlertsDocument {
  return {
    noticed: "never",
    faultAt: null,
    loss: null,
    sets: [{ set: "one", rules: 3, fired: 0, falseAlarms: 0, noticed: "never", warningSeconds: null }],
    alerts: [],
    quiet: {},
    watched: { fromSeconds: 0, toSeconds: 9 },
    blindSpots: [],
    ...changes,
  };
}

function firedAlert(deliveredSeconds: number | null): AlertsDocument["alerts"][number] {
  return {
    ...{
      set: "one",
      alert: "A",
      severity: null,
      forSeconds: 0,
      falseAlarms: 0,
      firings: 1,
      afterwards: 0,
      pendingSeconds: null,
    },
    fired: { seconds: 1, warningSeconds: 2, deliveredSeconds, resolvedSeconds: null },
  };
}

describe("a loss that alerts are expected to notice", () => {
  it("breaks the claim where all rules were watched and none fired", () => {
    const silence = { code: "silent-loss", lines: 7, rules: 3 };
    expect(expectedOf(plan, alertsWith({}), 7)).toEqual({ silence, reservations: [] });
  });

  it("leaves the verdict open where an alert may have fired unseen", () => {
    const { silence, reservations } = expectedOf(
      plan,
      alertsWith({ noticed: "unknown", blindSpots: [spot] }),
      7,
    );
    expect(silence).toBeUndefined();
    expect(reservations).toEqual([{ code: "alerts-unobserved", lines: 7, spots: 1, first: spot }]);
  });

  it("leaves the verdict open where nothing was watched at all", () => {
    const { reservations } = expectedOf(plan, alertsWith({ noticed: "unknown", watched: null, sets: [] }), 7);
    expect(reservations).toMatchObject([{ code: "alerts-unobserved", first: null }]);
  });

  it("leaves the verdict open where alerts fired and none was delivered", () => {
    const away = { ...spot, what: "alertmanager" } as const;
    const document = alertsWith({ noticed: "in-time", alerts: [firedAlert(null)], blindSpots: [away] });
    expect(expectedOf(plan, document, 7)).toEqual({
      silence: undefined,
      reservations: [{ code: "alerts-undelivered", alerts: 1, first: away }],
    });
  });

  it("leaves the verdict open where an alert was still pending at the end, and names it", () => {
    const pending = {
      ...firedAlert(null),
      firings: 0,
      fired: null,
      pendingSeconds: 3,
      mayFireLater: true as const,
    };
    const { silence, reservations } = expectedOf(
      plan,
      alertsWith({ noticed: "unknown", alerts: [pending] }),
      7,
    );
    expect(silence).toBeUndefined();
    expect(reservations).toEqual([
      { code: "alerts-unobserved", lines: 7, spots: 0, first: null, pending: "one/A" },
    ]);
  });

  it("is as expected where alerts fired and nothing could tell whether they were delivered", () => {
    const alert = firedAlert(null);
    const fired = { ...alert.fired!, isDeliveryUnknown: true as const };
    const document = alertsWith({ noticed: "late", alerts: [{ ...alert, fired }] });
    expect(expectedOf(plan, document, 7)).toEqual({ silence: undefined, reservations: [] });
  });

  it.each(["in-time", "late"] as const)("is as expected where one was delivered, %s", (noticed) => {
    const document = alertsWith({ noticed, alerts: [firedAlert(null), firedAlert(2)] });
    expect(expectedOf(plan, document, 7)).toEqual({ silence: undefined, reservations: [] });
  });
});

it("expects nothing where nothing was lost, or alerts were only observed", () => {
  const met = { silence: undefined, reservations: [] };
  expect(expectedOf(plan, alertsWith({ noticed: "nothing-lost" }), 0)).toEqual(met);
  expect(expectedOf({ alerts: { ...plan.alerts, expected: false } }, alertsWith({}), 7)).toEqual(met);
  expect(expectedOf({ alerts: null }, undefined, 7)).toEqual(met);
});
