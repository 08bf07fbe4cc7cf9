import { describe, expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import type { Verdict } from "../plan/verdict.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { renderAnnotations } from "./github.ts";
import { type RowState, reportNight } from "./night.ts";
import type { NightDocument } from "./night-document.ts";
import { renderNightJunit } from "./night-junit.ts";
import { renderNightMarkdown } from "./night-markdown.ts";
import { renderNightPage } from "./night-page.ts";
import { renderNight } from "./night-terminal.ts";

const nightId = "20260110t000000-nightly-1a2b";

interface RowSpec {
  claim: string;
  known: Verdict;
  isRace?: boolean;
  runs: HistoryEntry[];
}

function nightOf(...rows: RowSpec[]): NightDocument {
  return {
    schema: "everyline/night@1",
    nightId,
    startedAt: "2026-01-10T00:00:00.000Z",
    finishedAt: "2026-01-10T00:10:00.000Z",
    options: {
      scenarios: ["all"],
      pipelines: [],
      layout: null,
      repeat: 1,
      budgetSeconds: 3_600,
      alerts: true,
      atOnce: 1,
      config: null,
    },
    elapsedSeconds: 600,
    rows: rows.map(({ claim, known, isRace = false }) => ({
      claim,
      pipeline: claim.split("/")[0]!,
      scenario: claim.split("/").slice(1).join("/"),
      text: `${claim} promises.`,
      bounds: { lost: 0 },
      known: { verdict: known, isRace },
    })),
    notPossible: [],
    queue: [],
    done: rows.flatMap(({ claim, runs }) => runs.map((entry, repeat) => ({ claim, repeat, entry }))),
    leftOut: [],
  };
}

const run = (claim: string, verdict: Verdict, changes: Partial<HistoryEntry> = {}) =>
  historyEntry({
    claim,
    verdict,
    night: nightId,
    reason: verdict === "holds" ? null : `${verdict} it is`,
    ...changes,
  });

const noHistory = { runs: [], nights: [] };
const reportOf = (known: Verdict, isRace: boolean, ...runs: Verdict[]) =>
  reportNight(
    nightOf({ claim: "p/a", known, isRace, runs: runs.map((verdict) => run("p/a", verdict)) }),
    noHistory,
  );

describe("a row of a night", () => {
  it.each<[Verdict, boolean, Verdict[], RowState, 0 | 1 | 2]>([
    ["holds", false, ["holds"], "as known", 0],
    ["holds", false, ["holds", "broken"], "worse than known", 1],
    ["holds", false, ["holds", "unknown"], "unknown", 2],
    ["holds", false, ["unknown", "broken"], "worse than known", 1],
    ["broken", false, ["broken"], "as known", 0],
    ["broken", false, ["holds", "broken"], "as known", 0],
    ["broken", false, ["holds"], "better than known", 2],
    ["broken", true, ["holds"], "as known", 0],
    ["broken", true, ["unknown"], "unknown", 2],
    ["unknown", true, ["unknown"], "as known", 0],
    ["unknown", true, ["holds"], "as known", 0],
    ["unknown", true, ["broken"], "worse than known", 1],
    ["holds", false, [], "not run", 2],
  ])("known to be %s (a race: %s) that came to %j is %s", (known, isRace, runs, state, exitCode) => {
    const report = reportOf(known, isRace, ...runs);
    expect(report.rows[0]!.state).toBe(state);
    expect(report.exitCode).toBe(exitCode);
    expect(report.isGreen).toBe(exitCode === 0);
  });

  it("that the budget left out does not make a night red, and a worse row counts before an unknown one", () => {
    const holding = { claim: "p/a", known: "holds", runs: [run("p/a", "holds")] } as const;
    const notRun = { claim: "p/b", known: "holds", runs: [] } as const;
    expect(
      reportNight(nightOf({ ...holding, runs: [...holding.runs] }, { ...notRun, runs: [] }), noHistory),
    ).toMatchObject({
      isGreen: true,
      exitCode: 0,
    });
    const worse = { claim: "p/c", known: "holds" as const, runs: [run("p/c", "broken")] };
    const unknown = { claim: "p/d", known: "holds" as const, runs: [run("p/d", "unknown")] };
    expect(reportNight(nightOf(unknown, worse), noHistory).exitCode).toBe(1);
  });
});

describe("what has changed since the last green night", () => {
  const then = (day: number, claim: string, verdict: Verdict, changes: Partial<HistoryEntry> = {}) =>
    historyEntry({ claim, verdict, night: `2026010${day}t000000-nightly-1a2b`, ...changes });
  const end = (day: number, isGreen: boolean) => ({
    schema: "everyline/night-end@1" as const,
    night: `2026010${day}t000000-nightly-1a2b`,
    at: `2026-01-0${day}T01:00:00.000Z`,
    isGreen,
  });
  const tonight = nightOf(
    { claim: "p/a", known: "holds", runs: [run("p/a", "broken", { images: ["loki 3.7.6"] })] },
    { claim: "p/b", known: "holds", runs: [run("p/b", "holds", { images: ["loki 3.7.6"] })] },
  );

  it("is reported for verdicts, images and machines, and compared with no red night in between", () => {
    const runs = [
      then(1, "p/a", "holds", { images: ["loki 3.6.4"] }),
      then(1, "p/b", "holds", { images: ["loki 3.6.4"] }),
      then(1, "p/of-another-choice", "holds", { images: ["kafka 4.3.0"] }),
      then(2, "p/a", "unknown"),
    ];
    expect(reportNight(tonight, { runs, nights: [end(1, true), end(2, false)] }).lastGreen).toEqual({
      night: "20260101t000000-nightly-1a2b",
      changes: [
        { what: "p/a", before: "holds", now: "broken" },
        { what: "images", before: "loki 3.6.4", now: "loki 3.7.6" },
      ],
    });
  });

  it("is empty where the history has no green night", () => {
    expect(reportNight(tonight, { runs: [], nights: [end(1, false)] }).lastGreen).toBeUndefined();
  });

  it("calls slower only what is slower than in every one of three nights, by a quarter and a second", () => {
    const nights = (...seconds: number[]) =>
      seconds.map((recoverySeconds, index) => then(index + 1, "p/b", "holds", { recoverySeconds }));
    const slowerAfter = (recoverySeconds: number, ...before: number[]) => {
      const night = nightOf({
        claim: "p/b",
        known: "holds",
        runs: [run("p/b", "holds", { recoverySeconds })],
      });
      return reportNight(night, { runs: nights(...before), nights: [] }).rows[0]!.trends[0];
    };
    expect(slowerAfter(9, 2, 3, 4)).toMatchObject({
      figure: "recovery",
      seconds: 9,
      before: [2, 3, 4],
      isSlower: true,
    });
    expect(slowerAfter(9, 2, 3)).toMatchObject({ isSlower: false });
    expect(slowerAfter(4.9, 2, 3, 4)).toMatchObject({ isSlower: false });
    expect(slowerAfter(0.9, 0.1, 0.1, 0.1)).toMatchObject({ isSlower: false });
  });
});

describe("the reports of a night", () => {
  const night = nightOf(
    { claim: "direct/sink-restart", known: "holds", runs: [run("direct/sink-restart", "holds")] },
    {
      claim: "direct/sink-crash",
      known: "holds",
      runs: [run("direct/sink-crash", "broken", { reason: "2 lost | <b>,\nso" })],
    },
    {
      claim: "direct/sink-outage/above-horizon",
      known: "broken",
      runs: [run("direct/sink-outage/above-horizon", "holds")],
    },
    { claim: "direct/both-crash", known: "holds", runs: [] },
  );
  const notPossible = {
    claim: "direct/ingester-crash",
    pipeline: "direct",
    layout: "single",
    scenario: "ingester-crash",
    text: "direct/ingester-crash promises.",
    reason: "needs an ingester",
  };
  const leftOut = [{ claim: "direct/both-crash", repeat: 0 }];
  const report = reportNight({ ...night, leftOut, notPossible: [notPossible] }, noHistory);

  it("are one page, what to look at first", () => {
    expect(renderNightMarkdown(report)).toMatchInlineSnapshot(`
      "# Night of 2026-01-10: 2 rows to look at

      3 of 4 rows of the guarantees table, 3 runs in 10 min of 1 h allowed. 1 run did not fit and will be the most overdue next time. 1 further row cannot be run on its pipeline. Ran on 2 CPUs, 24 GiB, Docker 28.2.2: loki 3.6.4, promtail 3.6.4.

      ## To look at

      | claim | known | tonight | measured | why |
      |---|---|---|---|---|
      | direct/sink-crash | holds | **broken** |  | 2 lost \\| &lt;b>, so |
      | direct/sink-outage/above-horizon | broken | **holds** |  | known to be broken, but held: either fixed, or no longer really tested |

      ## Since the last green night

      No earlier green night is on record.

      ## Not possible on their pipeline

      | claim | layout | why |
      |---|---|---|
      | direct/ingester-crash | single | needs an ingester |

      ## The guarantees table

      | scenario | direct |
      |---|---|
      | sink-restart | **holds** |
      | sink-crash | **broken** |
      | sink-outage/above-horizon | **holds** |

      <details><summary>Every row, with how often it held and how that compares</summary>

      How often a row held is given with its 95 % confidence interval. Recovery, overhead (the duration of a run without its load) and latency (the 99th
      percentile of the time until a line was readable) are medians, with those of earlier nights.

      | claim | promised | held | state | recovery | overhead | latency |
      |---|---|---|---|---|---|---|
      | direct/sink-restart | no loss | 1 of 1 (21 to 100 %) | as known | 2.00 s | 10.0 s | 2.00 s |
      | direct/sink-crash | no loss | 0 of 1 (0 to 79 %) | worse than known | 2.00 s | 10.0 s | 2.00 s |
      | direct/sink-outage/above-horizon | no loss | 1 of 1 (21 to 100 %) | better than known | 2.00 s | 10.0 s | 2.00 s |
      | direct/both-crash | no loss | - | not run | - | - | - |

      </details>
      "
    `);
  });

  it("are annotations for GitHub Actions, which cannot break out of their line", () => {
    expect(renderAnnotations(report)).toMatchInlineSnapshot(`
      "::error title=direct/sink-crash%3A broken::2 lost | <b>,%0Aso
      ::warning title=direct/sink-outage/above-horizon%3A holds::known to be broken, but held: either fixed, or no longer really tested
      "
    `);
  });

  it("are JUnit XML, in which what was not run, or cannot be, is skipped with the reason", () => {
    expect(renderNightJunit(report)).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuite name="20260110t000000-nightly-1a2b" tests="5" failures="1" errors="1" skipped="2" time="60.000">
        <testcase classname="everyline.direct" name="sink-restart" time="20.000"><system-out>direct/sink-restart promises.&#10;held 1 of 1 (21 to 100 %)&#10;</system-out></testcase>
        <testcase classname="everyline.direct" name="sink-crash" time="20.000"><failure message="known: holds, tonight: broken">known: holds, tonight: broken&#10;2 lost | &lt;b&gt;,&#10;so</failure><system-out>direct/sink-crash promises.&#10;held 0 of 1 (0 to 79 %)&#10;</system-out></testcase>
        <testcase classname="everyline.direct" name="sink-outage/above-horizon" time="20.000"><error message="known: broken, tonight: holds">known: broken, tonight: holds&#10;known to be broken, but held: either fixed, or no longer really tested</error><system-out>direct/sink-outage/above-horizon promises.&#10;held 1 of 1 (21 to 100 %)&#10;</system-out></testcase>
        <testcase classname="everyline.direct" name="both-crash" time="0.000"><skipped message="it did not fit into the night's budget"/><system-out>direct/both-crash promises.&#10;held -&#10;</system-out></testcase>
        <testcase classname="everyline.direct" name="ingester-crash" time="0.000"><skipped message="direct/ingester-crash needs an ingester; it cannot be run on the layout single of direct."/><system-out>direct/ingester-crash promises.</system-out></testcase>
      </testsuite>
      "
    `);
  });

  it("tell in JUnit XML of a row that was not run because the night was aborted", () => {
    expect(renderNightJunit(reportNight(night, noHistory))).toContain(
      '<skipped message="the night ended before its turn"/>',
    );
  });

  it("are a web page, with the rows that are not possible and why", () => {
    const page = renderNightPage(report);
    expect(page).toContain("Not possible on their pipeline");
    expect(page).toContain("needs an ingester");
    expect(renderNightPage(reportNight(night, noHistory))).not.toContain("Not possible on their pipeline");
  });

  it("are a table for the terminal", () => {
    expect(renderNight(report)).toMatchInlineSnapshot(`
      "┌───────────────────────────┬────────┐
      │ scenario                  │ direct │
      │ sink-restart              │ holds  │
      │ sink-crash                │ broken │
      │ sink-outage/above-horizon │ holds  │
      └───────────────────────────┴────────┘
      ┌──────────────────────────────────┬────────┬─────────┬──────────────────────────────────────┐
      │ to look at                       │ known  │ tonight │ why                                  │
      │ direct/sink-crash                │ holds  │ broken  │ 2 lost | <b>,                        │
      │                                  │        │         │ so                                   │
      │ direct/sink-outage/above-horizon │ broken │ holds   │ known to be broken, but held: either │
      │                                  │        │         │ fixed, or no longer really tested    │
      └──────────────────────────────────┴────────┴─────────┴──────────────────────────────────────┘
      ┌──────────────────────────────┬────────┬───────────────────┐
      │ not possible on its pipeline │ layout │ why               │
      │ direct/ingester-crash        │ single │ needs an ingester │
      └──────────────────────────────┴────────┴───────────────────┘
      3 of 4 rows of the guarantees table, 3 runs in 10 min of 1 h allowed. 1 run did not fit and will be
      the most overdue next time. 1 further row cannot be run on its pipeline. Ran on 2 CPUs, 24 GiB,
      Docker 28.2.2: loki 3.6.4, promtail 3.6.4.
      Night of 2026-01-10: 2 rows to look at
      "
    `);
  });
});
