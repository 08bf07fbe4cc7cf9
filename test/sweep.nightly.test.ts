import { afterAll, describe, expect, it } from "vitest";
import { openPlace } from "../src/places/open-place.ts";
import { run } from "../src/run/run.ts";
import { carryOutSweep } from "../src/sweeps/carry-out-sweep.ts";
import { sweepPlan } from "../src/sweeps/sweep-plan.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const reportsFolder = await useReportsFolder(afterAll);
/** Promtail gives up after 4 to 8.5 minutes; what a busy machine needs to start Loki again comes on top of an outage, times up to 40. */
const outage = { from: 120, to: 1_200 };

describe("a sweep of outages of Option 1", () => {
  it("finds the lengths between which Promtail gives up", { timeout: 900_000 }, async () => {
    const plan = await sweepPlan(
      {
        ...{ scenario: "sink-outage", pipeline: "direct", layout: undefined, own: undefined },
        ...{ outage, lines: undefined, linesPerSecond: undefined },
        ...{ width: 1, runs: 1, budgetSeconds: 600, realTime: false },
      },
      ["sweep"],
    );
    const { signal } = new AbortController();
    const place = await openPlace();
    const document = await carryOutSweep(plan, {
      ...{ signal, reportsFolder, onRun: () => {}, onInterrupted: () => {} },
      carryOut: (request) => run(request, { place, signal, onEvent: () => {}, onStatus: () => {} }),
    });
    if (document.of !== "outage") throw new Error("not a sweep of outages");
    expect(document).toMatchObject({ ended: "done", verdict: "broken", why: "lost" });
    const { heldSeconds, lostSeconds, undecided } = document.bounds;
    expect(undecided).toEqual([]);
    expect(heldSeconds!).toBeLessThan(700);
    expect(lostSeconds!).toBeGreaterThan(200);
    expect(lostSeconds!).toBeLessThanOrEqual(outage.to);
    for (const { runs } of document.steps)
      for (const { outage, backlog } of runs) {
        expect(outage!.atMostSeconds!).toBeGreaterThanOrEqual(outage!.atLeastSeconds);
        expect(backlog!.lines).toBeGreaterThan(0);
      }
  });
});
