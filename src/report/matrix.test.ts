import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import { measurement } from "../../test/support/measurement.ts";
import { claims } from "../plan/claims/table.ts";
import { verdicts, worstOf } from "../plan/verdict.ts";
import type { HistoryEntry } from "../store/history-entry.ts";
import { describeMeasured, knownOf, matrixOf } from "./matrix.ts";
import { renderMatrixMarkdown } from "./matrix-markdown.ts";
import { fillMeasuredBlocks } from "./measured-blocks.ts";

const known = knownOf(claims);
const { counts } = historyEntry({});

function losing(claim: string, lost: number, changes: Partial<HistoryEntry> = {}): HistoryEntry {
  return historyEntry({
    claim,
    verdict: lost > 0 ? "broken" : "holds",
    counts: { ...counts!, lost, delivered: 1_000 - lost },
    lostAt: lost > 0 ? { shipper: lost } : {},
    images: ["store 3.6.4", "promtail 3.6.4"],
    ...changes,
  });
}

describe("a table of runs", () => {
  it("has a row a scenario and a column a pipeline, and an empty cell where nothing was run", () => {
    const entries = [
      losing("direct/sink-restart", 0),
      losing("direct/promtail-restart", 3),
      losing("direct/promtail-restart", 0),
      losing("kafka/sink-restart", 0, { duplicatedInKafka: 5_339 }),
    ];
    expect(
      renderMatrixMarkdown(matrixOf(entries, { axis: "pipeline", known }), claims),
    ).toMatchInlineSnapshot(`
      "|  | promised | direct | kafka |
      |---|---|---|---|
      | sink-restart | no loss, no duplicate; no loss | **holds** | **holds**: 5,339 twice in Kafka |
      | promtail-restart (a race) | no loss | **broken** in 1, holds in 1 of 2: 0 to 3 lost (at the shipper) |  |"
    `);
  });

  it("mentions a known race also where no run shows it, because runs that hold do not disprove it", () => {
    const [row] = matrixOf([losing("direct/promtail-restart", 0)], { axis: "pipeline", known }).rows;
    expect(row!.cells[0]).toMatchObject({ verdict: "holds", note: "broken in other runs" });
  });

  it("has a row a claim and a column a version, named by what differs", () => {
    const entries = [
      losing("direct/sink-crash", 0),
      losing("direct/sink-crash", 2, { images: ["store 3.7.6", "promtail 3.6.4"] }),
    ];
    expect(
      renderMatrixMarkdown(matrixOf(entries, { axis: "version", known }), claims),
    ).toMatchInlineSnapshot(`
      "|  | promised | store 3.6.4 | store 3.7.6 |
      |---|---|---|---|
      | direct/sink-crash | no loss | **holds** | **broken**: 2 lost (at the shipper) |"
    `);
  });

  it("gives every run a cell, whose verdict is the worst of its runs", () => {
    const runs = fc.array(
      fc.record({
        claim: fc.constantFrom("direct/a", "direct/b", "kafka/a"),
        verdict: fc.constantFrom(...verdicts),
      }),
    );
    fc.assert(
      fc.property(runs, (runs) => {
        const cells = matrixOf(runs.map(historyEntry), { axis: "pipeline", known }).rows.flatMap(
          ({ cells }) => cells,
        );
        expect(cells.flatMap((cell) => cell?.runs ?? [])).toHaveLength(runs.length);
        for (const cell of cells)
          if (cell) expect(cell.verdict).toBe(worstOf(cell.runs.map(({ verdict }) => verdict)));
      }),
    );
  });
});

describe("what was measured, in a few words", () => {
  it("calls nothing lost in a run whose verdict is unknown, or that failed", () => {
    expect(describeMeasured([losing("direct/a", 7, { verdict: "unknown" })])).toBe("");
    expect(describeMeasured([historyEntry({ counts: null, verdict: "unknown" })])).toBe("");
  });

  it("names the hop only where all was lost at the same, and it is known", () => {
    expect(describeMeasured([losing("direct/a", 7, { lostAt: { shipper: 6, store: 1 } })])).toBe("7 lost");
    expect(describeMeasured([losing("direct/a", 7, { lostAt: { unknown: 7 } })])).toBe("7 lost");
  });

  it("tells the worst recovery point, and that it is a bound", () => {
    const points = [
      historyEntry({ recoveryPoint: { seconds: 0, isUpperBound: false } }),
      historyEntry({ recoveryPoint: { seconds: 1.86, isUpperBound: true } }),
    ];
    expect(describeMeasured(points)).toBe("RPO at most 1.9 s");
    expect(describeMeasured(points.slice(0, 1))).toBe("RPO 0 s");
  });
});

describe("the tables in a page", () => {
  const runs = [
    losing("direct/sink-restart", 0),
    losing("direct/promtail-restart", 3),
    losing("kafka/sink-restart", 0),
  ];
  const measured = (at: string, rate: string, verdict: "holds" | "unknown") =>
    measurement({ at, measured: `${rate} lines/s`, verdict });
  const history = {
    runs,
    measurements: [
      measured("2026-01-02T00:00:00Z", "60,000", "holds"),
      measured("2026-01-01T00:00:00Z", "10,000", "unknown"),
    ],
  };
  const page = (selection: string, body = "old\n") =>
    `before\n<!-- measured: ${selection} -->\n${body}<!-- /measured -->\nafter\n`;

  it("are filled, again and again, and nothing else is touched", () => {
    const once = fillMeasuredBlocks(page("direct rows: sink-restart"), history, claims);
    expect(once).toMatchInlineSnapshot(`
      "before
      <!-- measured: direct rows: sink-restart -->
      |  | promised | direct |
      |---|---|---|
      | sink-restart | no loss, no duplicate | **holds** |

      Measured 2026-01-01 in 1 run on 2 CPUs, 24 GiB, Docker 28.2.2: promtail 3.6.4, store 3.6.4.
      <!-- /measured -->
      after
      "
    `);
    expect(fillMeasuredBlocks(once, history, claims)).toBe(once);
  });

  it("show the newest of what was measured of a capacity", () => {
    expect(fillMeasuredBlocks(page("capacities direct"), history, claims)).toMatchInlineSnapshot(`
      "before
      <!-- measured: capacities direct -->
      | pipeline | what | claimed | measured | verdict |
      | --- | --- | --- | --- | --- |
      | direct | highest rate without loss | 50,000 lines/s | 60,000 lines/s | **holds** |

      Measured 2026-01-02 in 1 run on 2 CPUs, 24 GiB, Docker 28.2.2: promtail 3.6.4, store 3.6.4.
      <!-- /measured -->
      after
      "
    `);
  });

  it("are refused where no run belongs to a pipeline, or there is no block", () => {
    expect(() => fillMeasuredBlocks(page("direct kafka-hardened"), history, claims)).toThrow(
      /nothing that was measured belongs to the block "measured: direct kafka-hardened" for kafka-hardened/,
    );
    expect(() => fillMeasuredBlocks(page("capacities direct kafka"), history, claims)).toThrow(/for kafka;/);
    expect(() => fillMeasuredBlocks("no block", history, claims)).toThrow(/found none; put one/);
  });
});
