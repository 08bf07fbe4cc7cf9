import { describe, expect, it } from "vitest";
import { runWith } from "../../test/support/reported-run.ts";
import type { AlertOutcome, AlertsDocument, Noticed } from "../judge/alerts-document.ts";
import { type AlertedRun, hasAlerts, observedAlerts } from "./observed-alerts.ts";
import { renderObservedAlerts } from "./observed-alerts-markdown.ts";
import { jsonOfObserved, renderObservedSets } from "./observed-alerts-terminal.ts";

interface Told {
  claim: string;
  lost?: number;
  loss?: AlertsDocument["loss"];
  noticed?: Noticed;
  fired?: AlertOutcome["fired"];
  falseAlarms?: number;
  faultAt?: string | null;
  timeScale?: number;
  verdict?: "holds" | "broken" | "unknown";
}

/** A run that was watched for 60 s before the first fault and 30 s after it, with the set `one` of the alerts A and B. */
function run({
  claim,
  lost = 0,
  loss = null,
  noticed = "nothing-lost",
  fired = null,
  falseAlarms = 0,
  faultAt = "2026-01-02T03:04:05.000Z",
  timeScale = 1,
  verdict = "holds",
}: Told): AlertedRun {
  const base = runWith({});
  const firings = fired === null ? 0 : 1;
  const isActive = firings > 0 || falseAlarms > 0;
  const outcome = {
    set: "one",
    alert: "A",
    severity: null,
    forSeconds: 5,
    afterwards: 0,
    pendingSeconds: null,
  };
  const counts = { ...base.counts, delivered: base.counts.written - lost, lost };
  const alerts: AlertsDocument = {
    noticed,
    faultAt,
    loss,
    sets: [
      {
        set: "one",
        rules: 2,
        fired: firings,
        falseAlarms,
        noticed,
        warningSeconds: fired?.warningSeconds ?? null,
      },
    ],
    alerts: isActive ? [{ ...outcome, falseAlarms, firings, fired }] : [],
    quiet: { one: isActive ? ["B"] : ["A", "B"] },
    watched: { fromSeconds: faultAt === null ? 0 : -60, toSeconds: 30 },
    blindSpots: [],
  };
  const reasons =
    verdict === "broken"
      ? [{ code: "lost", lines: lost, written: counts.written, most: 0 } as const]
      : verdict === "unknown"
        ? [{ code: "nothing-to-lose" } as const]
        : [];
  const plan = {
    ...base.plan,
    claim: { ...base.plan.claim, id: claim },
    alerts: { timeScale, ruleSets: ["one"], expected: false },
  };
  const changed = runWith({ plan, verdict, reasons, counts, alerts });
  if (!hasAlerts(changed)) throw new Error("expected a run with alerts");
  return changed;
}

const gaveUp = { seconds: 20, basis: "shipper-dropped" } as const;
const firedAt = (seconds: number, warningSeconds: number | null, resolvedSeconds: number | null = null) => ({
  seconds,
  warningSeconds,
  deliveredSeconds: seconds + 1,
  resolvedSeconds,
});
const inTime = run({
  claim: "p/in-time",
  lost: 7,
  loss: gaveUp,
  noticed: "in-time",
  fired: firedAt(5, 15),
  verdict: "broken",
});
const late = run({
  claim: "p/late",
  lost: 3,
  loss: { seconds: 0, basis: "written" },
  noticed: "late",
  fired: firedAt(6, -6, 9),
  verdict: "broken",
});
const never = run({ claim: "p/never", lost: 2, loss: gaveUp, noticed: "never", verdict: "broken" });
const notCertain = run({
  claim: "p/not-certain",
  lost: 9,
  loss: gaveUp,
  noticed: "never",
  verdict: "unknown",
  falseAlarms: 1,
  timeScale: 0.1,
});
const control = run({ claim: "p/control", falseAlarms: 2, faultAt: null });

describe("what the alerts of runs were worth", () => {
  const observed = observedAlerts([inTime, late, never, notCertain, control]);

  it("counts for each set what it noticed, only where it is certain that lines were lost", () => {
    expect(observed.losses.map(({ run, isAfterWait }) => [run.plan.claim.id, isAfterWait])).toEqual([
      ["p/in-time", true],
      ["p/late", false],
      ["p/never", true],
    ]);
    expect(observed.sets).toEqual([
      {
        set: "one",
        rules: 2,
        losses: { "in-time": 1, late: 1, never: 1, unknown: 0 },
        afterWait: { losses: 2, inTime: 1 },
        falseAlarms: {
          // A minute before the fault in three runs, and a run of 30 s without one.
          asWritten: { alarms: 2, calmSeconds: 210 },
          scaled: { alarms: 1, calmSeconds: 60 },
        },
        neverFired: ["B"],
      },
    ]);
  });

  it("takes a loss at once for one that nothing waited for, whoever counted it", () => {
    const atOnce = run({
      ...{ claim: "p/x", lost: 1, verdict: "broken" },
      loss: { ...gaveUp, seconds: 0.2 },
    });
    const withoutFault = run({ claim: "p/y", lost: 1, verdict: "broken", loss: gaveUp, faultAt: null });
    expect(observedAlerts([atOnce, withoutFault]).losses.map(({ isAfterWait }) => isAfterWait)).toEqual([
      false,
      false,
    ]);
  });

  it("is a page with each set, each loss, each alert and each run", () => {
    const page = renderObservedAlerts(observed);
    expect(page).toContain("Observed in 5 runs, 2026-01-02. Lines were lost in 3 of them.");
    expect(page).toContain("| one | 2 | 2 of 3 | 1 | 1 of 2 | 2 in 4 minutes | 1 in 1 minutes | 1 |");
    expect(page).toContain("| p/in-time | 7 | 20.0 s | the shipper gave up; after a wait | A +15.0 s |");
    expect(page).toMatch(/\| p\/late \| 3 \| 0\.00 s \| [^|]+ \| A -6\.00 s \|/);
    expect(page).toMatch(/\| p\/never \| 2 \| [^|]+ \| [^|]+ \| not noticed \|/);
    // The run in which it also ended is shown.
    expect(page).toContain("| one/A | 2 runs | p/late | 6.00 s | 1.00 s later | 9.00 s | 1 run |");
    expect(page).toContain("| one/B | no run | – | – | – | – | – |");
    expect(page).not.toMatch(/\| p\/not-certain \| 9 \| 20\.0 s/);
  });

  it("is two tables on the terminal, and a document for programs", () => {
    expect(renderObservedSets(observed)).toMatch(/one +│ 2 +│ 2 of 3 +│ 1 +│ 2 in 4 min +│ 1/);
    const { schema, losses, alerts } = JSON.parse(jsonOfObserved(observed));
    expect(schema).toBe("everyline/observed-alerts@1");
    expect(losses).toHaveLength(3);
    expect(losses[0].sets).toEqual({ one: { noticed: "in-time", first: "A" } });
    expect(
      alerts.map(({ alert, firings }: { alert: string; firings: [] }) => [alert, firings.length]),
    ).toEqual([
      ["A", 2],
      ["B", 0],
    ]);
  });
});
