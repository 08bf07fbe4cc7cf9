import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fromDocument1, runDocument1Schema } from "../judge/run-document-1.ts";
import { type ComparedRun, compareRuns } from "./compare.ts";
import { renderComparison } from "./compare-terminal.ts";

/** A run of an earlier version, which has stored no plan. */
const sample = fromDocument1(
  runDocument1Schema.parse(
    JSON.parse(readFileSync(join(import.meta.dirname, "../../fixtures/recordings/run-1/run.json"), "utf8")),
  ),
);
const one: ComparedRun = {
  run: { ...sample, runId: "one" },
  files: new Map([
    ["store-config.yaml", "auth_enabled: false\n"],
    ["promtail-config.yaml", "server:\n  port: 9080\nmax_retries: 10\n"],
  ]),
};
const [firstImage, ...images] = sample.images;
const other: ComparedRun = {
  run: {
    ...sample,
    runId: "other",
    verdict: "holds",
    reasons: [],
    counts: { ...sample.counts, delivered: sample.counts.written, lost: 0 },
    lost: [],
    images: [{ ...firstImage!, version: "3.7.6", reference: "everyline/promtail:3.7.6" }, ...images],
    plan: { ...sample.plan, variables: { ...sample.plan.variables, LIMIT: "1" } },
  },
  files: new Map([
    ["store-config.yaml", "auth_enabled: false\n"],
    ["promtail-config.yaml", "server:\n  port: 9080\nmax_retries: 0\n"],
    ["extra.yaml", "a: 1\n"],
  ]),
};
const plain = { width: 110, colour: false };

describe("a comparison of two runs", () => {
  it("shows the outcome first, then what was set up, the files that differ, and in one line what is the same", () => {
    expect(renderComparison(compareRuns(one, other), plain)).toMatchInlineSnapshot(`
      "┌───────────┬────────────────────────────────────────────┬────────────────────────────────────────────┐
      │ different │ one                                        │ other                                      │
      │ verdict   │ broken                                     │ holds                                      │
      │ reasons   │ 887 of 120000 lines were lost; none may    │ none                                       │
      │           │ be.                                        │                                            │
      │ delivered │ 119,113                                    │ 120,000                                    │
      │ lost      │ 887                                        │ 0                                          │
      │ lost at   │ gateway: 887 (app-2 1366-1802, app-8       │ nowhere                                    │
      │           │ 1356-1805)                                 │                                            │
      │ variables │ none                                       │ LIMIT=1                                    │
      │ images    │ promtail: everyline/promtail:3.6.4 (built, │ promtail: everyline/promtail:3.7.6 (built, │
      │           │ b0bf039c3f80)                              │ b0bf039c3f80)                              │
      └───────────┴────────────────────────────────────────────┴────────────────────────────────────────────┘
      extra.yaml is there in the second run only
      --- one/pipeline/extra.yaml
      +++ other/pipeline/extra.yaml
      @@ -0,0 +1,1 @@
      +a: 1
      --- one/pipeline/promtail-config.yaml
      +++ other/pipeline/promtail-config.yaml
      @@ -1,3 +1,3 @@
       server:
         port: 9080
      -max_retries: 10
      +max_retries: 0
      the same: scenario, claim, promised, written, duplicated, reordered, corrupted, truncated, merged, unexpected,
      late, torn, recovery, latency p50, latency p99, latency max, outage, took in all, time lapse, kafka, sites,
      refused, faults, lines, pipeline, layout, seed, engine, kernel, machine, node
      "
    `);
  });

  it("finds nothing but the run's id between a run and its repetition", () => {
    const again = { ...one, run: { ...one.run, runId: "again" } };
    const { different, files, caveats, same } = compareRuns(one, again);
    expect({ different, files, caveats }).toEqual({ different: [], files: [], caveats: [] });
    expect(same).toContain("the pipeline's files");
  });

  it("warns that runs of different scenarios or numbers of lines differ for more than one reason", () => {
    const run = {
      ...one.run,
      plan: { ...one.run.plan, scenario: "app-crash" },
      counts: { ...one.run.counts, written: 5 },
    };
    expect(compareRuns(one, { ...one, run: { ...run, runId: "b" } }).caveats).toMatchInlineSnapshot(`
      [
        "They are runs of different scenarios, broker-kill and app-crash: what differs may be due to that alone.",
        "They did not write equally many lines: compare shares, and not counts.",
      ]
    `);
  });

  it("warns that lines called lost may only not have been seen where the verdict is unknown", () => {
    const unknown = { ...one, run: { ...one.run, runId: "doubtful", verdict: "unknown" as const } };
    expect(compareRuns(one, unknown).caveats).toEqual([
      "The verdict on doubtful is unknown: what is called lost of it may only not have been seen.",
    ]);
  });

  it("says that promises differ, and that a run is compared with itself", () => {
    const { plan } = one.run;
    const stricter = { ...one.run, plan: { ...plan, claim: { ...plan.claim, bounds: { lost: 3 } } } };
    expect(compareRuns(one, { ...one, run: stricter }).caveats).toMatchInlineSnapshot(`
      [
        "This is one and the same run.",
        "They were judged by different promises: the verdicts say nothing about each other.",
      ]
    `);
  });

  it("does not call a file new where no files of the other run are stored", () => {
    const { files, caveats, same } = compareRuns(one, { ...other, files: new Map() });
    expect(files).toEqual([]);
    expect(caveats).toEqual(["The files of the pipeline of other are not stored, so they are not compared."]);
    expect(same).not.toContain("the pipeline's files");
  });

  it("colours a diff where colours are wanted, and only there", () => {
    const comparison = compareRuns(one, other);
    expect(renderComparison(comparison, { ...plain, colour: true })).toContain("\x1b[32m+max_retries: 0");
    expect(renderComparison(comparison, plain)).not.toContain("\x1b");
  });
});
