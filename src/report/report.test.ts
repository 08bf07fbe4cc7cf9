import { describe, expect, it } from "vitest";
import { type RunDocument, runDocumentSchema } from "../judge/run-document.ts";
import { documentRowsOf } from "./document-rows.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderGuarantees, renderRun } from "./terminal.ts";

const broken: RunDocument = {
  schema: "everyline/run@2",
  runId: "20260102t030405-sink-outage-above-horizon-1a2b",
  plan: {
    schema: "everyline/plan@2",
    scenario: "sink-outage/above-horizon",
    pipeline: "direct",
    layout: "single",
    sink: "victorialogs",
    seed: "seed",
    variables: {},
    claim: {
      id: "direct/sink-outage/above-horizon",
      text: "An outage of VictoriaLogs of up to 1 to 2 hours loses no line.",
      bounds: { lost: 0 },
    },
  },
  timeLapse: null,
  verdict: "broken",
  reasons: [
    { code: "lost", lines: 58, written: 1_000, most: 0 },
    { code: "told", text: "Promtail said: <a | b>\nand & more" },
  ],
  lostWindowSeconds: 0.29,
  counts: {
    written: 1_000,
    delivered: 942,
    lost: 58,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    truncated: 0,
    merged: 0,
    unexpected: 0,
    late: 0,
  },
  lost: [
    { source: "app-1", from: 54, to: 82, hop: "shipper" },
    { source: "app-2", from: 54, to: 82, hop: "shipper" },
  ],
  torn: [],
  kafka: null,
  sites: null,
  discarded: {},
  timings: {
    upSeconds: 1.5,
    loadSeconds: 21.9,
    outageSeconds: 15.1,
    recoverySeconds: 5.95,
    readSeconds: 1.1,
    totalSeconds: 50.1,
  },
  latencyMs: { p50: 10_471, p99: 20_191, max: 20_496 },
  faults: [
    {
      kind: "stop",
      target: "sink",
      startedAt: "2026-01-02T03:04:05.000Z",
      endedAt: "2026-01-02T03:04:20.100Z",
      effective: true,
      evidence: [{ code: "told", text: "pid 12 ended with exit code 0" }],
      held: { seconds: 15.1, lines: 690 },
      shipperGivesUp: null,
    },
  ],
  images: [
    {
      service: "store",
      reference: "everyline/store:3.6.4",
      id: "sha256:aa",
      origin: "built",
      version: "3.6.4",
    },
  ],
  environment: {
    engine: "28.2.2",
    api: "1.50",
    kernel: "6.1",
    cpus: 2,
    memoryBytes: 2 ** 34,
    node: "v24.21.0",
  },
};

const holds: RunDocument = {
  ...broken,
  verdict: "holds",
  reasons: [],
  lost: [],
  counts: { ...broken.counts, delivered: 1_000, lost: 0 },
};

const unknown: RunDocument = {
  ...holds,
  verdict: "unknown",
  reasons: [{ code: "told", text: "The fault took no effect." }],
  latencyMs: null,
};

/** A run with a value in every field that few runs have. */
const eventful: RunDocument = {
  ...broken,
  plan: {
    ...broken.plan,
    claim: {
      ...broken.plan.claim,
      bounds: { lost: 40, lostOlderThanSeconds: 604_800, rpoSeconds: 1, duplicated: 0 },
    },
  },
  timeLapse: { outageSeconds: 601_200, heldSeconds: 12.34, agesKafka: false },
  sites: {
    rpoSeconds: 0.876,
    isUpperBound: true,
    acknowledged: 14_321,
    missing: 1_234,
    returned: 1_200,
    unacknowledged: 56,
    unacknowledgedReturned: 7,
  },
  discarded: { greater_than_max_sample_age: 1_500, rate_limited: 1 },
};

describe("what only few runs report", () => {
  const says = [
    "at most 40 lost, loss only of what was older than 7 d, RPO < 1 s, no duplicate",
    "6 d 23 h in 12.3 s: the lines written meanwhile carry times spread evenly over 6 d 23 h; the shipper stamps a line with the line's own time",
    "RPO at most 0.88 s; 1,234 of 14,321 acknowledged lines were missing in the second site, 1,200 of them came back with the first; 56 written but not yet acknowledged, 7 of them came later",
    "greater_than_max_sample_age 1,500 times, rate_limited 1 times",
  ];

  it("is in the terminal report, the Markdown report and the guarantees table", () => {
    const terminal = renderRun(eventful, { colour: false }).replace(/\s*│\n│\s*│ /g, " ");
    const markdown = renderMarkdown([eventful]);
    const labels = ["promised │ ", "time     │ ", "sites    │ ", "refused  │ by VictoriaLogs: "];
    for (const [index, label] of labels.entries()) expect(terminal).toContain(`${label}${says[index]}`);
    for (const [index, label] of ["", "- time: ", "- sites: ", "- refused by VictoriaLogs: "].entries())
      expect(markdown).toContain(`${label}${says[index]!.replaceAll("<", "&lt;")}`);
    expect(renderGuarantees([eventful], { colour: false })).toContain("RPO < 1 s");
  });

  it("says that a recovery point is exact where it is", () => {
    const exact = { ...eventful, sites: { ...eventful.sites!, rpoSeconds: 0, isUpperBound: false } };
    expect(renderMarkdown([exact])).toContain("- sites: RPO 0.00 s; ");
  });

  it("is not mentioned by the others", () => {
    for (const text of [renderRun(broken, { colour: false }), renderMarkdown([broken])])
      expect(text).not.toMatch(/RPO|sites|refused|time:|time {5}│/);
  });

  it("survives a round trip", () => {
    expect(runDocumentSchema.parse(JSON.parse(renderJson([eventful])))).toEqual(eventful);
  });
});

describe("the terminal report", () => {
  it("shows claimed against measured, the evidence, the lost ranges and why", () => {
    expect(renderRun(broken, { colour: false })).toMatchInlineSnapshot(`
      "┌──────────┬────────────────────────────────────────────────────────────────────────────────────────────┐
      │ claim    │ direct/sink-outage/above-horizon: An outage of VictoriaLogs of up to 1 to 2 hours loses no │
      │          │ line.                                                                                      │
      │ pipeline │ direct, layout single                                                                      │
      │ promised │ no loss                                                                                    │
      │ measured │ 942 of 1,000 delivered, 58 lost                                                            │
      │ fault    │ stop sink: pid 12 ended with exit code 0; held 15.10 s, 690 lines written meanwhile        │
      │ lost     │ app-1 54-82 (29 lines, lost at hop shipper)                                                │
      │          │ app-2 54-82 (29 lines, lost at hop shipper)                                                │
      │ recovery │ 5.95 s                                                                                     │
      │ latency  │ p50 10471 ms, p99 20191 ms, max 20496 ms                                                   │
      │ took     │ 50.1 s (up 1.50 s, load 21.9 s, of which outage 15.1 s, read 1.10 s)                       │
      │ images   │ everyline/store:3.6.4 (built)                                                              │
      │ verdict  │ broken                                                                                     │
      │          │ 58 of 1000 lines were lost; none may be.                                                   │
      │          │ Promtail said: <a | b>                                                                     │
      │          │ and & more                                                                                 │
      └──────────┴────────────────────────────────────────────────────────────────────────────────────────────┘
      "
    `);
  });

  it("is plain text where nobody asked for colour, and colours the verdict where somebody did", () => {
    const startOfColour = "\u001b[";
    expect(
      renderRun(broken, { colour: false }) + renderGuarantees([broken], { colour: false }),
    ).not.toContain(startOfColour);
    expect(renderRun(broken, { colour: true })).toContain(startOfColour);
  });

  it("gives each run a row of the guarantees table", () => {
    expect(renderGuarantees([holds, broken, unknown], { colour: false })).toMatchInlineSnapshot(`
      "┌──────────────────────────────────┬──────────┬───────────────────────────────────────────────┬──────────┬─────────┐
      │ claim                            │ promised │ measured                                      │ recovery │ verdict │
      │ direct/sink-outage/above-horizon │ no loss  │ 1,000 of 1,000 delivered, 0 lost              │ 5.95 s   │ holds   │
      │ direct/sink-outage/above-horizon │ no loss  │ 942 of 1,000 delivered, 58 lost               │ 5.95 s   │ broken  │
      │ direct/sink-outage/above-horizon │ no loss  │ at least 1,000 of 1,000 delivered, 0 not seen │ 5.95 s   │ unknown │
      └──────────────────────────────────┴──────────┴───────────────────────────────────────────────┴──────────┴─────────┘
      "
    `);
  });
});

describe("what a crash left of a line", () => {
  const line = { source: "app-1", sequence: 417, bytes: 123, lineBytes: 190 };
  const torn = [
    { ...line, arrived: true },
    { ...line, sequence: 500, arrived: false },
  ];

  it("is shown, and what became of it", () => {
    for (const report of [
      renderRun({ ...holds, torn }, { colour: false }),
      renderMarkdown([{ ...holds, torn }]),
    ]) {
      expect(report).toContain("torn at the source");
      expect(report).toContain("app-1 line 417: 123 of 190 bytes, left by a crash; came back as it was");
      expect(report).toContain(
        "app-1 line 500: 123 of 190 bytes, left by a crash; did not come back, which is no",
      );
    }
  });

  it("is shown for the first lines, with how many more there are", () => {
    const many = Array.from({ length: 60 }, () => torn[0]!);
    expect(renderRun({ ...holds, torn: many }, { colour: false })).toContain("and 50 more");
    expect(renderMarkdown([{ ...holds, torn: many }])).toContain("and 10 more");
  });
});

describe("the JSON report", () => {
  it("is the document of one run, and a list of several", () => {
    expect(JSON.parse(renderJson([broken]))).toEqual(broken);
    expect(JSON.parse(renderJson([holds, broken]))).toEqual({ runs: [holds, broken] });
    expect(runDocumentSchema.parse(JSON.parse(renderJson([broken])))).toEqual(broken);
  });
});

describe("the JUnit report", () => {
  it("counts broken as failures and unknown as errors, and escapes what containers said", () => {
    expect(renderJunit([holds, broken, unknown])).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuite name="everyline" tests="3" failures="1" errors="1" time="150.300">
        <testcase classname="everyline.direct" name="sink-outage/above-horizon" time="50.100"><system-out>An outage of VictoriaLogs of up to 1 to 2 hours loses no line.&#10;1,000 of 1,000 delivered, 0 lost&#10;pid 12 ended with exit code 0; held 15.10 s, 690 lines written meanwhile</system-out></testcase>
        <testcase classname="everyline.direct" name="sink-outage/above-horizon" time="50.100"><failure message="58 of 1000 lines were lost; none may be.">58 of 1000 lines were lost; none may be.&#10;Promtail said: &lt;a | b&gt;&#10;and &amp; more&#10;app-1 54-82 (29 lines, lost at hop shipper)&#10;app-2 54-82 (29 lines, lost at hop shipper)</failure><system-out>An outage of VictoriaLogs of up to 1 to 2 hours loses no line.&#10;942 of 1,000 delivered, 58 lost&#10;pid 12 ended with exit code 0; held 15.10 s, 690 lines written meanwhile</system-out></testcase>
        <testcase classname="everyline.direct" name="sink-outage/above-horizon" time="50.100"><error message="The fault took no effect.">The fault took no effect.</error><system-out>An outage of VictoriaLogs of up to 1 to 2 hours loses no line.&#10;at least 1,000 of 1,000 delivered, 0 not seen&#10;pid 12 ended with exit code 0; held 15.10 s, 690 lines written meanwhile</system-out></testcase>
      </testsuite>
      "
    `);
  });

  it("holds no character that XML cannot", () => {
    const text = "\u0000\u0008\u001b[31m\ud800\uffff]]>";
    const vicious: RunDocument = { ...broken, reasons: [{ code: "told", text }] };
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(renderJunit([vicious])).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  });
});

describe("the Markdown report", () => {
  it("escapes what containers said", () => {
    expect(renderMarkdown([broken])).toMatchInlineSnapshot(`
      "# Everyline

      | claim | promised | measured | recovery | verdict |
      |---|---|---|---|---|
      | direct/sink-outage/above-horizon | no loss | 942 of 1,000 delivered, 58 lost | 5.95 s | **broken** |

      ## direct/sink-outage/above-horizon: broken
      An outage of VictoriaLogs of up to 1 to 2 hours loses no line.
      - 58 of 1000 lines were lost; none may be.
      - Promtail said: &lt;a \\| b> and & more
      - fault stop sink, effective: pid 12 ended with exit code 0; held 15.10 s, 690 lines written meanwhile
      - lost: app-1 54-82 (29 lines, lost at hop shipper)
      - lost: app-2 54-82 (29 lines, lost at hop shipper)
      - layout single, run 20260102t030405-sink-outage-above-horizon-1a2b, seed seed, 50.1 s

      ## What it ran on
      - everyline/store:3.6.4 (built, sha256:aa)
      - Docker 28.2.2 (API 1.50), kernel 6.1, 2 CPUs, 16.0 GiB, Node v24.21.0
      "
    `);
  });
});

describe("the rows of the document", () => {
  const runOf = (id: string, verdict: RunDocument["verdict"]): RunDocument => {
    const [pipeline = "", ...scenario] = id.split("/");
    const claim = { ...broken.plan.claim, id };
    const plan = { ...broken.plan, pipeline, scenario: scenario.join("/"), claim };
    return { ...broken, plan, verdict };
  };

  it("hold only if every scenario of theirs was run and holds", () => {
    const one = runOf("kafka/all-brokers-down/below-horizon", "holds");
    const other = runOf("kafka/all-brokers-down/above-horizon", "holds");
    expect(documentRowsOf([one, other])).toMatchObject([
      { row: "kafka/all-brokers-down", verdict: "holds", missing: [] },
    ]);
    expect(documentRowsOf([one])).toMatchObject([
      { verdict: "unknown", missing: ["all-brokers-down/above-horizon"] },
    ]);
    expect(documentRowsOf([runOf(one.plan.claim.id, "broken")])).toMatchObject([{ verdict: "broken" }]);
    expect(documentRowsOf([one, other, runOf(one.plan.claim.id, "broken")])).toMatchObject([
      { verdict: "broken" },
    ]);
  });

  it("are none for a promise that is in no table of the document", () => {
    expect(documentRowsOf([runOf("kafka/rebalance", "holds")])).toEqual([]);
  });
});
