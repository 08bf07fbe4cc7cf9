import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { TriedRules } from "../src/rule-trials/tried-rules.ts";
import { root, run } from "./support/command.ts";
import { memoryRun } from "./support/memory-run.ts";
import { needImages } from "./support/need-images.ts";
import { startPrometheus } from "./support/own-prometheus.ts";
import { useReportsFolder } from "./support/run-claim.ts";

await needImages("prometheus");
const reportsFolder = await useReportsFolder(afterAll);
const everyline = join(root, "bin/everyline");

/** What `everyline alerts` tells of rules on a Prometheus. */
async function tried(url: string, rules: string, ...args: string[]) {
  const file = join(reportsFolder, "mine.yaml");
  await writeFile(file, `groups:\n  - name: mine\n    rules:\n${rules}`);
  const outcome = await run(everyline, [
    ...["alerts", file, "--prometheus", url, "--out", reportsFolder, "--json", ...args],
  ]);
  const document = JSON.parse(outcome.stdout || "null") as TriedRules;
  return { ...outcome, document, alerts: document?.runs[0]?.alerts };
}

/** A rule whose condition is true from a moment on. */
function ruleSince(alert: string, sinceMs: number, period: string): string {
  return `      - { alert: ${alert}, expr: vector(time()) > ${sinceMs / 1_000}, for: ${period} }\n`;
}

describe("rules on a Prometheus of the user's own", () => {
  it("are compared with the losses of a run that observed no alerts, and nothing is claimed where there are no samples", async () => {
    const lossy = { place: { store: { losesEvery: 20 } }, reportsFolder };
    const earlier = await memoryRun(lossy);
    await using prometheus = await startPrometheus(10);
    const { url } = prometheus;
    const cut = { kind: "disconnect", target: "shipper-sink", at: 0.2, until: 0.6 } as const;
    const { document: last } = await memoryRun({ ...lossy, faults: [cut] });
    expect(last.counts.lost).toBeGreaterThan(0);
    const faultMs = Date.parse(last.faults[0]!.askedAt!);

    const always = "      - { alert: Always, expr: up == 1, for: 2s }\n";
    const never = `      - { alert: Never, expr: 'up{job="nothing"} == 0' }\n`;
    const first = await tried(url, `${always}${never}${ruleSince("Since", faultMs, "1s")}`);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stderr).toContain(`trying on ${url}, over the time of ${last.runId}`);
    expect(first.document).toMatchObject({
      prometheus: url,
      runs: [{ runId: last.runId, timeScale: 1, lost: last.counts.lost }],
      unmatched: [{ set: "mine", alert: "Never", selector: 'up{job="nothing"}' }],
    });
    expect(first.alerts).toMatchObject({
      noticed: "late",
      quiet: { mine: ["Always", "Never"] },
      blindSpots: [],
    });
    const [{ fired, falseAlarms }] = first.alerts!.alerts as [
      NonNullable<typeof first.alerts>["alerts"][number],
    ];
    expect(falseAlarms).toBe(0);
    // It is evaluated once a second, and its condition has to be true for one.
    expect(fired!.seconds).toBeGreaterThanOrEqual(1);
    expect(fired!.seconds).toBeLessThanOrEqual(2.1);

    const silent = await tried(url, never);
    expect([silent.exitCode, silent.alerts!.noticed]).toEqual([1, "never"]);
    const patient = await tried(url, ruleSince("Patient", faultMs, "1h"));
    expect([patient.exitCode, patient.alerts!.noticed]).toEqual([2, "unknown"]);
    expect(patient.alerts!.alerts).toMatchObject([{ alert: "Patient", fired: null, forSeconds: 3_600 }]);

    const unseen = await tried(url, never, "--run", earlier.document.runId);
    expect([unseen.exitCode, unseen.alerts!.noticed, unseen.alerts!.watched]).toEqual([2, "unknown", null]);
    const args = ["alerts", join(reportsFolder, "mine.yaml"), "--prometheus", url, "--out", reportsFolder];
    const told = await run(everyline, [...args, "--run", earlier.document.runId]);
    expect(told.exitCode).toBe(2);
    expect(told.stdout.replace(/\s+/g, " ")).toContain(
      `Expected samples of the time of ${earlier.document.runId}, but ${url} has none`,
    );
    expect(told.stdout).toContain("not known");
  });
});
