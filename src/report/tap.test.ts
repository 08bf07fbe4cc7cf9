import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type RunDocument, runDocumentSchema } from "../judge/run-document.ts";
import { renderTap } from "./tap.ts";

const file = join(import.meta.dirname, "../../fixtures/recordings/broken/run.json");
const broken = runDocumentSchema.parse(JSON.parse(readFileSync(file, "utf8")));

function withClaim(text: string, changes: Partial<RunDocument>): RunDocument {
  const { plan } = broken;
  return { ...broken, ...changes, plan: { ...plan, claim: { ...plan.claim, text } } };
}

describe("a run in the Test Anything Protocol", () => {
  it("is one test point with what was found as its diagnostics", () => {
    const [version, plan, point, begin, ...rest] = renderTap(broken).split("\n");
    expect([version, plan, begin]).toEqual(["TAP version 14", "1..1", "  ---"]);
    expect(point).toMatch(/^not ok 1 - direct\/sink-outage\/above-horizon: /);
    expect(rest.slice(-2)).toEqual(["  ...", ""]);
    expect(rest.join("\n")).toContain(`  measured: ${broken.counts.delivered} of`);
    expect(rest.join("\n")).toMatch(/ {2}reasons:\n {4}- \d+ of [\d,]+ lines were lost/);
  });

  it("is ok where the claim holds alone", () => {
    const pointOf = (changes: Partial<RunDocument>) =>
      renderTap(withClaim("No line is lost.", changes)).split("\n")[2];
    expect(pointOf({ verdict: "holds", reasons: [] })).toMatch(/^ok 1 - .*: No line is lost\.$/);
    expect(pointOf({ verdict: "unknown" })).toMatch(/^not ok 1 - /);
  });

  it("escapes a claim whose words look like a directive or a further line", () => {
    const text = renderTap(withClaim("It holds\nnot ok 2 # SKIP \\", { verdict: "holds" }));
    expect(text.split("\n")[2]).toMatch(/: It holds not ok 2 \\# SKIP \\\\$/);
  });
});
