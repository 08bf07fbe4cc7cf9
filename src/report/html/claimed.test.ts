import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judged } from "../../../test/support/judged-run.ts";
import { runWith } from "../../../test/support/reported-run.ts";
import type { ReadingDoubt } from "../../judge/reasons.ts";
import type { RunDocument } from "../../judge/run-document.ts";
import { claimedTable } from "./claimed.ts";
import { render } from "./markup.ts";

/** What the table says of each thing, by its name. */
function outcomesOf(run: RunDocument): Record<string, string> {
  const rows = render(claimedTable(run)).matchAll(
    /<th scope="row"[^>]*>([^<]*)<\/th>.*?<span class="outcome [\w-]+"><span[^>]*>[^<]*<\/span> ([\w ]+)<\/span>/gs,
  );
  return Object.fromEntries([...rows].map(([, subject, outcome]) => [subject!, outcome!]));
}

const counts = (changes: Partial<RunDocument["counts"]>): RunDocument["counts"] => ({
  ...runWith({}).counts,
  ...changes,
});

describe("what was claimed beside what was measured", () => {
  it.each<[string, RunDocument]>([
    ["lines lost", judged({ bounds: { lost: 2 }, counts: counts({ lost: 3, delivered: 997 }) })],
    [
      "time over which lost lines were written",
      judged({ bounds: { lostWindowSeconds: 10 }, counts: counts({ lost: 3 }), lostWindowSeconds: 11 }),
    ],
    [
      "age of lost lines when the outage ended",
      judged({ bounds: { lostOlderThanSeconds: 600 }, counts: counts({ lost: 3 }), youngestLostSeconds: 60 }),
    ],
    [
      "recovery point",
      judged({ bounds: { rpoSeconds: 1 }, counts: counts({}), rpo: { rpoSeconds: 2, isUpperBound: false } }),
    ],
    ["surplus copies", judged({ bounds: { duplicated: 0 }, counts: counts({ duplicated: 1 }) })],
    ["damaged or foreign lines", judged({ bounds: { lost: 0 }, counts: counts({ unexpected: 1 }) })],
  ])("says that the bound on %s is broken, and no other", (subject, run) => {
    expect(run.verdict).toBe("broken");
    const outcomes = outcomesOf(run);
    expect(outcomes[subject]).toBe("broken");
    const others = Object.entries(outcomes).filter(([name]) => name !== subject);
    for (const [, outcome] of others) expect(["kept", "not promised"]).toContain(outcome);
  });

  it("agrees with the verdict, whatever a run was like", () => {
    const count = fc.integer({ min: 0, max: 3 });
    const evidence = fc.record({
      bounds: fc.record(
        { lost: count, duplicated: count, lostWindowSeconds: fc.constant(10), rpoSeconds: fc.constant(1) },
        { requiredKeys: [] },
      ),
      counts: fc.record({ lost: count, duplicated: count, corrupted: count, merged: count }).map(counts),
      lostWindowSeconds: fc.integer({ min: 0, max: 20 }),
      rpo: fc.constantFrom(
        undefined,
        { rpoSeconds: 0, isUpperBound: false },
        { rpoSeconds: 2, isUpperBound: false },
      ),
      doubts: fc.constantFrom<ReadingDoubt[]>(
        [],
        [{ code: "not-read", problem: { code: "told", text: "Nobody knows." } }],
      ),
    });
    fc.assert(
      fc.property(evidence, (evidence) => {
        const run = judged(evidence);
        const outcomes = Object.values(outcomesOf(run));
        expect(outcomes.includes("broken")).toBe(run.verdict === "broken");
        if (run.verdict === "unknown") expect(outcomes).not.toContain("kept");
      }),
    );
  });
});
