import { describe, expect, it } from "vitest";
import type { AlertOutcome, AlertsDocument } from "../../judge/alerts-document.ts";
import { describeAlerts, describeBlindSpot, describeNotice } from "./alert-words.ts";

const fired = { seconds: 3, warningSeconds: 12.5, deliveredSeconds: 3.4, resolvedSeconds: 20 };
const quiet: AlertOutcome = {
  ...{ set: "everyline", alert: "Dropping", severity: "critical", forSeconds: 4 },
  ...{ falseAlarms: 0, firings: 0, afterwards: 0, fired: null, pendingSeconds: null },
};
const sets: AlertsDocument["sets"] = [
  { set: "everyline", rules: 20, fired: 1, falseAlarms: 0, noticed: "in-time", warningSeconds: 12.5 },
  { set: "document", rules: 4, fired: 0, falseAlarms: 0, noticed: "never", warningSeconds: null },
];
const loss = { seconds: 15.5, basis: "shipper-dropped" } as const;

describe("whether a loss was noticed", () => {
  it("is told with the earliest alert, its warning, and how the moment of the loss is known", () => {
    const alerts = [
      { ...quiet, alert: "Later", firings: 1, fired: { ...fired, seconds: 9, warningSeconds: 6.5 } },
      { ...quiet, firings: 1, fired },
    ];
    expect(describeNotice({ noticed: "in-time", loss, alerts, sets })).toBe(
      "everyline/Dropping fired 12.5 s before the first line can have been lost, by the shipper's count of lines that it gave up.",
    );
    const late = [{ ...quiet, firings: 1, fired: { ...fired, warningSeconds: -2 } }];
    expect(describeNotice({ noticed: "late", loss, alerts: late, sets })).toMatch(
      /fired 2\.00 s after the first line/,
    );
  });

  it.each([
    ["never", "Lines were lost, and none of 24 alert rules fired after the first fault."],
    [
      "unknown",
      "Lines were lost. None of 24 alert rules was seen to fire after the first fault, but one may have been missed.",
    ],
    ["nothing-lost", "No line was lost. None of 24 alert rules fired after a fault."],
  ] as const)("is %s", (noticed, text) => {
    expect(describeNotice({ noticed, loss: null, alerts: [], sets })).toBe(text);
  });
});

describe("what alerts did", () => {
  it("is told of each, those that fired first, and of the sets of which none fired", () => {
    const alerts = [
      { ...quiet, alert: "Slow", pendingSeconds: 1.5 },
      { ...quiet, firings: 2, falseAlarms: 1, fired },
    ];
    expect(describeAlerts({ alerts, sets }, 10)).toEqual([
      "everyline/Dropping: fired once for something that was there before any fault, fired 3.00 s after the first fault, 12.5 s before the loss, delivered 0.40 s later, resolved 17.0 s after it fired",
      "everyline/Slow: was pending for 1.50 s of its 4.00 s",
      "none fired of document (4 rules)",
    ]);
    expect(describeAlerts({ alerts, sets }, 1)).toContain("and 1 more");
  });

  it("says what did not happen while the run watched", () => {
    const undelivered = { ...fired, warningSeconds: null, deliveredSeconds: null, resolvedSeconds: null };
    const [text] = describeAlerts({ alerts: [{ ...quiet, firings: 1, fired: undelivered }], sets: [] }, 1);
    expect(text).toMatch(/not delivered, still firing at the end$/);
    const open = { ...quiet, pendingSeconds: 2, mayFireLater: true as const };
    expect(describeAlerts({ alerts: [open], sets: [] }, 1)[0]).toMatch(
      /was pending for .*, may have fired later$/,
    );
    expect(describeNotice({ noticed: "unknown", loss: null, alerts: [open], sets: [] })).toMatch(
      /but .* was still pending at the end and may have fired later\.$/,
    );
    const unasked = { ...undelivered, isDeliveryUnknown: true as const };
    const [other] = describeAlerts({ alerts: [{ ...quiet, firings: 1, fired: unasked }], sets: [] }, 1);
    expect(other).toMatch(/not known whether it was delivered, still firing at the end$/);
  });
});

describe("when alerts may have been missed", () => {
  const times = { fromSeconds: -2, toSeconds: 4.5 };
  it.each([
    [
      { what: "prometheus", set: null, name: null, problem: { code: "no-answer", message: "refused" } },
      "Prometheus did not answer (refused) from 2.00 s before to 4.50 s after the first fault",
    ],
    [
      {
        what: "rule",
        set: "one",
        name: "A",
        problem: { code: "evaluation-failed", message: "many-to-many" },
      },
      "the alert rule one/A could not be evaluated (many-to-many) from 2.00 s before to 4.50 s after the first fault",
    ],
    [
      { what: "set", set: "one", name: null, problem: { code: "not-loaded" } },
      "the rule set one was not loaded from 2.00 s before to 4.50 s after the first fault",
    ],
    [
      { what: "group", set: "one", name: "g", problem: { code: "not-evaluated", intervalMs: 500 } },
      "the rule group one/g was not evaluated, though it should be each 0.50 s, from 2.00 s before to 4.50 s after the first fault",
    ],
    [
      {
        what: "prometheus",
        set: null,
        name: null,
        problem: { code: "ended", exitCode: 1, lastWords: "bad\nrules" },
      },
      "Prometheus ended by itself with exit code 1 (its last words: bad; rules) from 2.00 s before to 4.50 s after the first fault",
    ],
  ] as const)("is told of %o", (spot, text) => {
    expect(describeBlindSpot({ ...spot, ...times })).toBe(text);
  });
});
