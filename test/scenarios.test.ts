import { afterAll, describe, expect, it } from "vitest";
import { claims } from "../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = useReportsFolder(afterAll);

describe.each(claims)("$id", ({ id, measured, bounds }) => {
  it(`${measured.verdict}: ${measured.why ?? "every line accounted for"}`, async () => {
    const { verdict, counts, lost, faults, reasons } = await runClaim(id, scenarios, await reportsFolder);
    const possible = measured.isRace ? ["holds", measured.verdict] : [measured.verdict];
    expect(possible, reasons.join("\n")).toContain(verdict);
    expect(counts.delivered + counts.lost).toBe(counts.written);
    expect(lost.reduce((sum, { from, to }) => sum + to - from + 1, 0)).toBe(counts.lost);
    const damaged = counts.corrupted + counts.truncated + counts.merged + counts.unexpected;
    const surplus = bounds.duplicated === undefined ? 0 : counts.duplicated;
    if (verdict === "broken") expect(damaged + counts.lost + surplus).toBeGreaterThan(0);
    else
      expect({ damaged, isLossAllowed: counts.lost <= (bounds.lost ?? counts.written) }).toEqual({
        damaged: 0,
        isLossAllowed: true,
      });
    expect(faults.filter(({ effective }) => !effective)).toEqual([]);
  });
});
