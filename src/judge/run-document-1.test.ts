import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { judged } from "../../test/support/judged-run.ts";
import { runWith } from "../../test/support/reported-run.ts";
import { describeReasons } from "../report/words/reason-words.ts";
import { runDocumentSchema } from "./run-document.ts";
import { fromDocument1, runDocument1Schema } from "./run-document-1.ts";

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/recordings/run-1/run.json"), "utf8"),
);

function read(changes: object = {}) {
  const run = fromDocument1(runDocument1Schema.parse({ ...stored, ...changes }));
  // It is a document of the current version.
  expect(runDocumentSchema.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
  return run;
}

describe("a run of an earlier version", () => {
  it("keeps what was run, what was claimed, the counts, the verdict and the times", () => {
    const run = read();
    const { scenario, pipeline, layout, seed, claim } = stored;
    expect(run.plan).toMatchObject({ scenario, pipeline, layout, seed, claim });
    const { counts, lost, verdict, timings, latencyMs, runId } = stored;
    expect(run).toMatchObject({ counts, lost, verdict, timings, latencyMs, runId });
    expect(run.faults.map(({ effective }) => effective)).toEqual(
      stored.faults.map(({ effective }: { effective: boolean }) => effective),
    );
  });

  it("keeps its sentences word for word, and adds nothing to what they say of a fault", () => {
    const run = read();
    expect(describeReasons(run)).toEqual(stored.reasons);
    expect(run.faults.map(({ evidence }) => evidence)).toEqual(
      stored.faults.map(({ evidence }: { evidence: string }) => [{ code: "told", text: evidence }]),
    );
    expect(run.faults.every(({ held, shipperGivesUp }) => held === null && shipperGivesUp === null)).toBe(
      true,
    );
    expect(read({ reasons: ["The store did not answer."] }).reasons).toEqual([
      { code: "told", text: "The store did not answer." },
    ]);
  });

  it("has each bound that was broken as the figures that its sentence had", () => {
    const { counts } = runWith({});
    const broken = [
      judged({ bounds: { lost: 2 }, counts: { ...counts, lost: 3 } }),
      judged({ bounds: { lost: 0, duplicated: 0 }, counts: { ...counts, duplicated: 5, merged: 2 } }),
      judged({ bounds: { lostWindowSeconds: 10 }, counts: { ...counts, lost: 3 }, lostWindowSeconds: 71.5 }),
      judged({ bounds: { lostOlderThanSeconds: 604_800 }, counts, youngestLostSeconds: 601_200 }),
      judged({ bounds: { rpoSeconds: 1 }, rpo: { rpoSeconds: 4.5, isUpperBound: false }, counts }),
    ];
    for (const run of broken) {
      expect(run.verdict).toBe("broken");
      // In the words of that version, which differ from today's for one bound.
      const told = describeReasons(run).map((text) =>
        text.replace("only lines older than", "only older ones than"),
      );
      expect(read({ reasons: told }).reasons).toEqual(run.reasons);
    }
  });

  it("says how a long outage was held, and has empty values for fields that its version did not have", () => {
    const timeLapse = {
      outageSeconds: 86_400,
      heldSeconds: 12,
      how: "…, and Kafka's retention was applied …",
    };
    expect(read({ timeLapse }).timeLapse).toEqual({
      outageSeconds: 86_400,
      heldSeconds: 12,
      agesKafka: true,
    });
    const { timeLapse: _, sites: __, discarded: ___, torn: ____, variables: _____, ...older } = stored;
    const run = fromDocument1(runDocument1Schema.parse(older));
    expect(run).toMatchObject({ timeLapse: null, sites: null, discarded: {}, torn: [] });
    expect(run.plan.variables).toEqual({});
  });
});
