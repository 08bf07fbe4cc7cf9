import { afterAll, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { claims } from "../src/plan/claims/table.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";

await needImages("prometheus", "alertmanager", "alert-receiver");
const reportsFolder = await useReportsFolder(afterAll);
const scenarios = (await loadScenarios()).filter(({ isAlertDrill }) => isAlertDrill).flatMap(casesOf);
/** These take longer than ten minutes each; they are run by hand: `npm run scenario alert-drills/unread-lines/for-20-minutes`. */
const long = [
  "alert-drills/unread-lines/for-20-minutes",
  "alert-drills/unread-lines/cut-off",
  "alert-drills/files-gone",
];
const short = scenarios.filter(({ name }) => !long.includes(name));
/** The drill of a rate limit takes five minutes, until Loki has accepted the backlog. */
const longestMs = 600_000;
const drills = claims.filter(({ scenario }) => short.some(({ name }) => name === scenario));

describe("an alert drill", () => {
  it.each(drills.map(({ id }) => id))(
    "makes its alerts fire, be delivered and end: %s",
    async (id) => {
      const claim = claims.find((each) => each.id === id)!;
      const pipeline = await loadPipeline(claim.pipeline);
      const run = await runClaim(id, scenarios, reportsFolder, { pipeline });
      expect(run.reasons).toEqual([]);
      expect(run.verdict).toBe("holds");
      expect(run.plan.alerts!.mustFire).not.toEqual([]);
    },
    longestMs,
  );
});
