import { describe, expect, it } from "vitest";
import type { RunDocument } from "../judge/run-document.ts";
import type { Claim } from "../plan/claim.ts";
import { type ReportedBug, renderKnownBugs } from "./known-bugs-page.ts";

const bugs: ReportedBug[] = [
  {
    title: "It forgets",
    threads: ["https://example.org/issues/1", "https://example.org/issues/2"],
    scenarios: [{ name: "known-bugs/forgets", summary: "It is stopped." }],
  },
];

const claims: Claim[] = [
  claimOf("plain", { verdict: "broken", why: "it writes nothing down" }),
  claimOf("hardened", { verdict: "holds" }),
];

function claimOf(pipeline: string, measured: Claim["measured"]): Claim {
  return {
    id: `${pipeline}/known-bugs/forgets`,
    pipeline,
    scenario: "known-bugs/forgets",
    text: "It never forgets.",
    source: "its page",
    bounds: { lost: 0 },
    measured,
  };
}

function runOf(
  pipeline: string,
  number: number,
  verdict: RunDocument["verdict"],
  { plan, ...changes }: Partial<Omit<RunDocument, "plan">> & { plan?: Partial<RunDocument["plan"]> } = {},
): RunDocument {
  const lost = verdict === "broken" ? number : 0;
  return {
    schema: "everyline/run@2",
    runId: `2026010${number}t030405-known-bugs-forgets-1a2b`,
    plan: {
      schema: "everyline/plan@2",
      scenario: "known-bugs/forgets",
      pipeline,
      layout: "single",
      sink: "loki",
      seed: `seed-${number}`,
      variables: {},
      claim: { id: `${pipeline}/known-bugs/forgets`, text: "It never forgets.", bounds: { lost: 0 } },
      ...plan,
    },
    timeLapse: null,
    lostWindowSeconds: null,
    verdict,
    reasons: verdict === "unknown" ? [{ code: "told", text: "The fault took no effect." }] : [],
    counts: {
      written: 1_000,
      delivered: 1_000 - lost,
      lost,
      duplicated: 7,
      reordered: 0,
      corrupted: 0,
      truncated: 1,
      merged: 2,
      unexpected: 0,
      late: 0,
    },
    lost: lost > 0 ? [{ source: "app-1", from: 1, to: lost, hop: "shipper" }] : [],
    torn: [],
    kafka: null,
    sites: null,
    discarded: {},
    timings: {
      upSeconds: 1,
      loadSeconds: 1,
      outageSeconds: 1,
      recoverySeconds: 1,
      readSeconds: 1,
      totalSeconds: 5,
    },
    latencyMs: null,
    faults: [
      {
        kind: "stop",
        target: "sink",
        startedAt: `2026-01-0${number}T03:04:05.000Z`,
        endedAt: `2026-01-0${number}T03:04:06.000Z`,
        effective: true,
        evidence: [{ code: "told", text: `pid ${number} ended` }],
        held: null,
        shipperGivesUp: null,
      },
    ],
    images: imagesOf("3.6.4"),
    environment: {
      engine: "28.2.2",
      api: "1.50",
      kernel: "6.1",
      cpus: 2,
      memoryBytes: 2 ** 34,
      node: "v24.21.0",
    },
    ...changes,
  };
}

function imagesOf(version: string): RunDocument["images"] {
  return ["loki-1", "loki-2"].map((service) => ({
    service,
    reference: `grafana/loki:${version}`,
    id: "sha256:aa",
    origin: "pulled",
    version,
  }));
}

function rowsOf(...runs: RunDocument[]): string[] {
  return renderKnownBugs(bugs, runs, claims)
    .split("\n")
    .filter((line) => /^\| (plain|hardened)/.test(line));
}

describe("the report on known bugs", () => {
  it("counts what each run wrote, lost, got twice and damaged, in the order of the runs", () => {
    const runs = [runOf("plain", 2, "broken"), runOf("plain", 1, "broken"), runOf("hardened", 3, "holds")];
    expect(rowsOf(...runs)).toEqual([
      "| plain | loki 3.6.4 | **reproduced in 2 of 2 runs** | 1,000 | 1; 2 | shipper | 7; 7 | 3; 3 |",
      "| hardened (control) | loki 3.6.4 | **holds in 1 of 1 run** | 1,000 | 0 |  | 7 | 3 |",
    ]);
  });

  it("says what the bug is, who tells of it, and what the latest run that shows it has for evidence", () => {
    const text = renderKnownBugs(
      bugs,
      [runOf("plain", 1, "broken"), runOf("plain", 2, "broken"), runOf("plain", 3, "holds")],
      claims,
    );
    expect(text).toContain("from 3 stored runs of 2026-01-01 to 2026-01-03;");
    expect(text).toContain(
      "## It forgets\n\nReported in <https://example.org/issues/1>, <https://example.org/issues/2>.",
    );
    expect(text).toContain("The promise: It never forgets. (its page)");
    expect(text).toContain(
      "run 20260102t030405-known-bugs-forgets-1a2b, seed seed-2:\n\n- why: it writes nothing down",
    );
    expect(text).toContain(
      "- fault stop sink: pid 2 ended\n- lost: app-1 1-2 (2 lines, lost at hop shipper)",
    );
    expect(text).toContain("| **reproduced in 2 of 3 runs** | hardened: not run |");
  });

  it("calls a bug refuted only if every run kept the promise", () => {
    expect(rowsOf(runOf("plain", 1, "holds"), runOf("plain", 2, "holds"))[0]).toContain(
      "**refuted in 2 of 2 runs**",
    );
    expect(rowsOf(runOf("plain", 1, "holds"), runOf("plain", 2, "unknown"))[0]).toContain(
      "**unknown: kept in 1 of 2 runs, no verdict in the others** | 1,000 | 0; ? |",
    );
    expect(rowsOf(runOf("plain", 1, "unknown"))[0]).toContain("**unknown**");
    expect(rowsOf()[0]).toContain("**not run**");
  });

  it("counts a case that is known to hold as a control, and not as a refutation", () => {
    const control: Claim = {
      ...claimOf("plain", { verdict: "holds" }),
      id: "plain/control",
      scenario: "control",
    };
    const withControl = [
      { ...bugs[0]!, scenarios: [...bugs[0]!.scenarios, { name: "control", summary: "" }] },
    ];
    const run = runOf("plain", 1, "holds", { plan: { scenario: "control", claim: { ...control } } });
    const text = renderKnownBugs(withControl, [run], [...claims, control]);
    expect(text).toContain("| **not run** | hardened: not run; `control` on plain: holds in 1 of 1 run |");
    expect(text).toContain("| plain (control) | loki 3.6.4 | **holds in 1 of 1 run** |");
    expect(text).not.toContain("refuted in");
  });

  it('calls a bug refuted where the table has "holds" for every case that was run', () => {
    const refuted = claims.map((claim): Claim => ({ ...claim, measured: { verdict: "holds" } }));
    const text = renderKnownBugs(bugs, [runOf("plain", 1, "holds"), runOf("hardened", 2, "holds")], refuted);
    expect(text).toContain("| **refuted in 1 of 1 run** | hardened: holds in 1 of 1 run |");
  });

  it("never says of a broken control that it holds", () => {
    const rows = rowsOf(runOf("hardened", 1, "broken"), runOf("hardened", 2, "holds"));
    expect(rows[1]).toContain("| **broken in 1 of 2 runs** |");
    expect(rowsOf(runOf("hardened", 1, "unknown"))[1]).toContain("**unknown**");
  });

  it("has a row of its own for other versions and another layout", () => {
    const rows = rowsOf(
      runOf("plain", 1, "broken"),
      runOf("plain", 2, "holds", { images: imagesOf("3.7.6") }),
      runOf("plain", 3, "broken", { plan: { layout: "split" } }),
    );
    expect(rows.map((row) => row.split(" | ").slice(1, 3))).toEqual([
      ["loki 3.6.4", "**reproduced in 1 of 1 run**"],
      ["loki 3.7.6", "**refuted in 1 of 1 run**"],
      ["loki 3.6.4 (split)", "**reproduced in 1 of 1 run**"],
      ["", "**not run**"],
    ]);
  });

  it("leaves out runs of other scenarios", () => {
    const other = runOf("plain", 1, "broken", { plan: { scenario: "sink-restart" } });
    expect(renderKnownBugs(bugs, [other], claims)).toBe(renderKnownBugs(bugs, [], claims));
  });
});
