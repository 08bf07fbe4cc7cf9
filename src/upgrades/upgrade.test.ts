import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import { type Verdict, verdicts } from "../plan/verdict.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { reportUpgrade } from "./upgrade.ts";
import type { ConfigCheck, UpgradeDocument } from "./upgrade-document.ts";
import { renderUpgradeMarkdown } from "./upgrade-markdown.ts";
import { renderUpgradePage } from "./upgrade-page.ts";
import { renderUpgrade } from "./upgrade-terminal.ts";

type Row = [from: Verdict | undefined, to: Verdict | undefined, isRace?: boolean];

const { counts } = historyEntry({});

function entry(claim: string, verdict: Verdict, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  const lost = verdict === "broken" ? 7 : 0;
  return historyEntry({
    claim,
    verdict,
    reason: verdict === "holds" ? null : `${verdict} it is`,
    counts: { ...counts!, lost, delivered: 1_000 - lost },
    ...changes,
  });
}

function upgradeOf(
  rows: Row[],
  { swaps = ["holds"], checks = [] }: { swaps?: Verdict[]; checks?: ConfigCheck[] } = {},
): UpgradeDocument {
  return {
    schema: "everyline/upgrade@1",
    upgradeId: "20260101t000000-upgrade-loki-1a2b",
    startedAt: "2026-01-01T00:00:00.000Z",
    finishedAt: "2026-01-01T01:00:00.000Z",
    name: "loki",
    from: "3.6.4",
    to: "3.7.6",
    options: { pipelines: ["direct"], scenarios: [], layout: null, swapOnly: false, repeat: 1 },
    configChecks: checks,
    deprecations: [],
    rows: rows.flatMap(([from, to, isRace = false], index) =>
      (
        [
          ["from", from],
          ["to", to],
        ] as const
      ).flatMap(([side, verdict]) =>
        verdict === undefined ? [] : [{ side, isRace, entry: entry(`direct/row-${index}`, verdict) }],
      ),
    ),
    swaps: swaps.map((verdict, index) => ({
      entry: entry(`direct/upgrade/${index}`, verdict),
      evidence: [
        "flush: loki: 1 chunk",
        "loki: 3.6.4 became 3.7.6",
        "loki: 3.7.6 became <3.6.4>",
        "held 5 s",
      ],
      refusals: [],
    })),
  };
}

const check = (version: string, outcome: ConfigCheck["outcome"]): ConfigCheck => ({
  pipeline: "direct",
  service: "loki",
  version,
  outcome,
  messages: outcome === "refused" ? ["field shared_store not found"] : [],
});
const timedOut: ConfigCheck = { ...check("3.7.6", "unchecked"), messages: ["it did not end within 30 s"] };

function refusing(document: UpgradeDocument): UpgradeDocument {
  document.swaps[0]!.refusals.push("loki: 3.6.4 does not run on the data of 3.7.6: it ended by itself");
  return document;
}

describe("the decision on an upgrade", () => {
  it.each<[string, UpgradeDocument, string, RegExp | undefined]>([
    ["goes where all holds", upgradeOf([["holds", "holds"]]), "go", undefined],
    [
      "goes where a row is broken on both",
      upgradeOf([["broken", "broken"]]),
      "go",
      /broken in the same way on both versions: 7 lost/,
    ],
    ["goes where a row is mended", upgradeOf([["broken", "holds"]]), "go", /broken before, holds after/],
    [
      "does not where a row breaks",
      upgradeOf([["holds", "broken"]]),
      "no-go",
      /holds before, broken after: 7 lost/,
    ],
    [
      "is open where a race showed on the new version alone",
      upgradeOf([["holds", "broken", true]]),
      "undecided",
      /it is a race, and more runs/,
    ],
    [
      "is open where a row is unknown now",
      upgradeOf([["holds", "unknown"]]),
      "undecided",
      /holds before, unknown after; unknown it is$/,
    ],
    [
      "is open where it was unknown before and breaks",
      upgradeOf([["unknown", "broken"]]),
      "undecided",
      /unknown before/,
    ],
    [
      "is open where a row is unknown on both",
      upgradeOf([["unknown", "unknown"]]),
      "undecided",
      /unknown on both versions/,
    ],
    [
      "is open where a row was run on one only",
      upgradeOf([["holds", undefined]]),
      "undecided",
      /one version only/,
    ],
    [
      "does not where the swap loses lines",
      upgradeOf([], { swaps: ["holds", "broken"] }),
      "no-go",
      /upgrade\/1: 7 lost/,
    ],
    [
      "is open where the swap proves nothing",
      upgradeOf([], { swaps: ["unknown"] }),
      "undecided",
      /unknown it is/,
    ],
    [
      "does not where the old version does not run on what the new one left",
      refusing(upgradeOf([["holds", "holds"]], { swaps: ["unknown"] })),
      "no-go",
      /upgrade\/0: loki: 3\.6\.4 does not run on the data of 3\.7\.6/,
    ],
    [
      "is open where nothing was swapped",
      upgradeOf([["holds", "holds"]], { swaps: [] }),
      "undecided",
      /was not tested/,
    ],
    [
      "does not where the new version refuses the configuration",
      upgradeOf([], { checks: [check("3.6.4", "accepted"), check("3.7.6", "refused")] }),
      "no-go",
      /3\.7\.6 refuses the configuration: field shared_store not found/,
    ],
    [
      "is open where the new version could not be asked about the configuration",
      upgradeOf([], { checks: [check("3.6.4", "accepted"), timedOut] }),
      "undecided",
      /3\.7\.6 could not be asked about the configuration: it did not end within 30 s/,
    ],
    [
      "goes where a part cannot check a configuration",
      upgradeOf([["holds", "holds"]], { checks: [check("3.6.4", "unchecked"), check("3.7.6", "unchecked")] }),
      "go",
      undefined,
    ],
    [
      "goes where both refuse it",
      upgradeOf([], { checks: [check("3.6.4", "refused"), check("3.7.6", "refused")] }),
      "go",
      /both versions refuse/,
    ],
    [
      "is open where it was aborted",
      { ...upgradeOf([["holds", "holds"]]), finishedAt: null },
      "undecided",
      /not finished/,
    ],
  ])("%s", (_, document, decision, reason) => {
    const report = reportUpgrade(document);
    expect(report.decision).toBe(decision);
    const texts = report.reasons.map(({ text }) => text).join("\n");
    if (reason === undefined) expect(texts).toBe("");
    else expect(texts).toMatch(reason);
  });

  it('is never "go" where a promise that held is broken now or unknown', () => {
    const row = fc.tuple(fc.constantFrom(...verdicts), fc.constantFrom(...verdicts), fc.boolean());
    const swaps = fc.array(fc.constantFrom(...verdicts), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), swaps, (rows, swaps) => {
        const { decision } = reportUpgrade(upgradeOf(rows, { swaps }));
        const isAgainst =
          swaps.includes("broken") ||
          rows.some(([from, to, isRace]) => from === "holds" && to === "broken" && !isRace);
        const isOpen =
          swaps.includes("unknown") ||
          rows.some(([from, to]) => to === "unknown" || (from !== "broken" && to === "broken"));
        expect(decision).toBe(isAgainst ? "no-go" : isOpen ? "undecided" : "go");
      }),
    );
  });

  it.each<[Verdict, number, number, string | undefined]>([
    ["broken", 7, 7, "broken in the same way on both versions: 7 lost"],
    ["broken", 7, 900, "broken on both versions: 7 lost before, 900 lost after"],
    ["holds", 144, 144, undefined],
    ["holds", 0, 144, "holds on both versions: nothing counted before, 144 lost after"],
  ])("tells what changed where a row is %s with %i lost, and with %i", (verdict, before, after, text) => {
    const document = upgradeOf([[verdict, verdict]]);
    document.rows[0]!.entry.counts!.lost = before;
    document.rows[1]!.entry.counts!.lost = after;
    const { decision, reasons } = reportUpgrade(document);
    expect(decision).toBe("go");
    expect(reasons.map((reason) => reason.text)).toEqual(text === undefined ? [] : [`direct/row-0: ${text}`]);
  });

  it("reports a recovery that is slower by half and five seconds, and still allows the upgrade", () => {
    const slower = (before: number, after: number) => {
      const document = upgradeOf([["holds", "holds"]]);
      document.rows[0]!.entry.recoverySeconds = before;
      document.rows[1]!.entry.recoverySeconds = after;
      return reportUpgrade(document);
    };
    expect(slower(2, 12)).toMatchObject({
      decision: "go",
      reasons: [{ weight: "note", text: "direct/row-0: recovery took 12.0 s instead of 2.0 s (medians)" }],
    });
    expect(slower(2, 6.9).reasons).toEqual([]);
    expect(slower(30, 44).reasons).toEqual([]);
  });
});

describe("the reports of an upgrade", () => {
  const document = upgradeOf(
    [
      ["holds", "broken"],
      ["broken", "broken"],
    ],
    { checks: [check("3.6.4", "accepted"), check("3.7.6", "refused")] },
  );
  document.deprecations.push({
    pipeline: "kafka",
    service: "loki-read",
    what: "it ends",
    source: "its <page>",
  });
  const report = reportUpgrade(document);

  it("end in Markdown with the decision and its reasons", () => {
    expect(renderUpgradeMarkdown(report)).toMatchInlineSnapshot(`
      "# Upgrade of loki from 3.6.4 to 3.7.6: no-go

      \`everyline upgrade --from loki=3.6.4 --to loki=3.7.6 --pipeline direct\`

      Measured 2026-01-01 in 5 runs on 2 CPUs, 24 GiB, Docker 28.2.2: loki 3.6.4, promtail 3.6.4.

      ## The upgrade itself

      While lines are written, 3.6.4 is replaced by 3.7.6 on the same volumes, one container after the other, and then back again.

      | what | verdict | lines | measured | recovery |
      |---|---|---|---|---|
      | direct/upgrade/0 | **holds** | 1000 of 1000 |  | 2.00 s |

      What was done in direct/upgrade/0:

      - flush: loki: 1 chunk
      - loki: 3.6.4 became 3.7.6
      - loki: 3.7.6 became &lt;3.6.4>
      - held 5 s

      ## The guarantees table on both versions

      | claim | 3.6.4 | 3.7.6 | recovery before | after |
      |---|---|---|---|---|
      | direct/row-0 | **holds** | **broken**: 7 lost | 2.00 s | 2.00 s |
      | direct/row-1 | **broken**: 7 lost | **broken**: 7 lost | 2.00 s | 2.00 s |

      A recovery counts as slower if its median is more than 1.5 times and 5 s above the old one's.

      ## Configuration

      | pipeline | part | version | its configuration | what it said |
      |---|---|---|---|---|
      | direct | loki | 3.6.4 | accepted |  |
      | direct | loki | 3.7.6 | refused | field shared_store not found |

      ## Decision: no-go

      Against it:

      - direct, loki: 3.7.6 refuses the configuration: field shared_store not found
      - direct/row-0: holds before, broken after: 7 lost

      To be known:

      - direct/row-1: broken in the same way on both versions: 7 lost
      - kafka, loki-read: it ends (its &lt;page>)
      "
    `);
  });

  it("say in the table that a version refuses the other's data, and why with the decision", () => {
    const refused = reportUpgrade(refusing(upgradeOf([], { swaps: ["unknown"] })));
    for (const text of [renderUpgradeMarkdown(refused), renderUpgrade(refused)].map((text) =>
      text.replace(/[\s│]+/g, " "),
    )) {
      expect(text).toContain("one version does not run on the other's data");
      expect(text).toContain("3.6.4 does not run on the data of 3.7.6: it ended by itself");
    }
  });

  it("end in the terminal with the decision", () => {
    expect(renderUpgrade(report)).toMatchInlineSnapshot(`
      "┌───────────────┬─────────┬──────────┐
      │ configuration │ version │ outcome  │
      │ direct, loki  │ 3.6.4   │ accepted │
      │ direct, loki  │ 3.7.6   │ refused  │
      └───────────────┴─────────┴──────────┘
      ┌────────────────────┬─────────┬──────────┐
      │ the upgrade itself │ verdict │ measured │
      │ direct/upgrade/0   │ holds   │          │
      └────────────────────┴─────────┴──────────┘
      ┌──────────────┬────────────────┬────────────────┐
      │ claim        │ 3.6.4          │ 3.7.6          │
      │ direct/row-0 │ holds          │ broken: 7 lost │
      │ direct/row-1 │ broken: 7 lost │ broken: 7 lost │
      └──────────────┴────────────────┴────────────────┘
      against it: direct, loki: 3.7.6 refuses the configuration: field shared_store not found
      against it: direct/row-0: holds before, broken after: 7 lost
      to be known: direct/row-1: broken in the same way on both versions: 7 lost
      to be known: kafka, loki-read: it ends (its <page>)
      upgrade of loki from 3.6.4 to 3.7.6: no-go
      "
    `);
  });

  it("escape on a page what parts said", () => {
    const page = renderUpgradePage(report);
    expect(page).toContain("its &lt;page>");
    expect(page).toContain('href="../20260101t000000-sink-restart-1a2b/report.html"');
  });
});
