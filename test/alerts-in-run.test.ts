import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { installedFolder } from "../src/base/installation.ts";
import { openPlace } from "../src/places/open-place.ts";
import { renderJson } from "../src/report/json.ts";
import { reportStoredRun } from "../src/report/stored-reports.ts";
import { readRuleTexts } from "../src/rule-trials/rules-to-try.ts";
import { tryOnRuns } from "../src/rule-trials/try-on-runs.ts";
import { readRunDocument } from "../src/store/run-documents.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { alertedOutage } from "./support/alerted-outage.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const reportsFolder = await useReportsFolder(afterAll);

const noticedId = "test-alerts-noticed";
/** The step of a subquery is how often rules are evaluated, unless it is written. */
const ownRules = `groups:
  - name: mine
    rules:
      - alert: NeverFires
        expr: up{job="nothing"} == 0
      - alert: SeesSeveralSteps
        expr: count_over_time((up{job="loki"} == 0)[2m:]) > 3
`;

describe("a run that observes alerts", () => {
  it("tells which noticed a loss, how long before it, and who was told; judged again, it tells the same", async () => {
    const run = await alertedOutage(reportsFolder, noticedId);
    const folder = join(reportsFolder, noticedId);
    expect(run.counts.lost).toBeGreaterThan(0);
    const { alerts } = run;
    expect(alerts).toMatchObject({ noticed: "in-time", loss: { basis: "shipper-dropped" } });
    const ours = alerts!.sets.find(({ set }) => set === "everyline")!;
    expect(ours).toMatchObject({ noticed: "in-time", falseAlarms: 0 });
    const delivered = alerts!.alerts.filter(({ fired }) => (fired?.deliveredSeconds ?? null) !== null);
    expect(delivered).not.toEqual([]);
    expect(delivered.some(({ fired }) => fired!.resolvedSeconds !== null)).toBe(true);
    expect(run.verdict).toBe("holds");

    const { document } = await judgeStoredRun(folder);
    expect(renderJson([document])).toBe(await readFile(join(folder, "run.json"), "utf8"));
    const timeline = JSON.parse(await readFile(join(folder, "timeline.json"), "utf8"));
    expect(timeline.tracks.filter(({ id }: { id: string }) => id.startsWith("alerts."))).not.toEqual([]);
    expect((await readdir(join(folder, "metrics"))).length).toBeGreaterThan(0);
    await reportStoredRun(folder);
    for (const name of ["report.md", "report.html", "junit.xml", "report.tap"])
      expect(await readFile(join(folder, name), "utf8")).toContain(
        "before the first line can have been lost",
      );
  });

  it("gives its rules the same states when they are tried on its samples, and finds selectors without series", async () => {
    const folder = join(reportsFolder, noticedId);
    const live = await readRunDocument(join(folder, "run.json"));
    const mine = join(reportsFolder, "mine.yaml");
    await writeFile(mine, ownRules);
    const rules = join(installedFolder, "fixtures/monitoring/rules");
    const texts = await readRuleTexts([join(rules, "everyline.yaml"), join(rules, "document.yaml"), mine]);
    const options = { onProgress: () => {}, signal: new AbortController().signal };
    const tried = await tryOnRuns(texts, [folder], { place: await openPlace(), options, onRun: () => {} });
    const [{ alerts, lost }] = tried.runs as [(typeof tried.runs)[number]];
    expect(lost).toBe(live.counts.lost);
    expect(alerts.noticed).toBe(live.alerts!.noticed);
    expect(tried.unmatched).toContainEqual({
      set: "mine",
      alert: "NeverFires",
      selector: 'up{job="nothing"}',
    });
    expect(alerts.quiet.mine).toEqual(["NeverFires"]);
    const liveFirings = live.alerts!.alerts.filter(
      ({ set, fired }) => fired && ["everyline", "document"].includes(set),
    );
    expect(liveFirings.length).toBeGreaterThan(3);
    for (const { set, alert, fired } of liveFirings) {
      const again = alerts.alerts.find((each) => each.set === set && each.alert === alert);
      // It is evaluated at other moments, half a second apart.
      const apart = Math.abs((again?.fired?.seconds ?? Number.NaN) - fired!.seconds);
      expect(apart, `${set}/${alert}`).toBeLessThan(1.2);
    }
  });
});
