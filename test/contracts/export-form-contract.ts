import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { check } from "../../src/judge/check.ts";
import { observationFor } from "../../src/judge/observation.ts";
import { damage, damaged, type Form, ledger, verified, whole } from "../support/verified-export.ts";

/** What holds for every form in which lines are exported: reading one comes to the same counts as reading the raw lines. */
export function exportFormContract(forms: Record<string, Form>): void {
  describe.each(Object.entries(forms))("%s", (_, form) => {
    it("has every line of a whole export, and exactly one lost where one is missing", async () => {
      expect((await verified(form(whole))).counts).toMatchObject({
        delivered: 60,
        lost: 0,
        unexpected: 0,
        merged: 0,
      });
      for (const missing of [0, 17, 59]) {
        const { counts } = await verified(form(whole.toSpliced(missing, 1)));
        expect(counts).toMatchObject({ lost: 1, corrupted: 0, truncated: 0, merged: 0, unexpected: 0 });
      }
    });

    it("has as many marks of lines in its bytes as in what is read from it, though nothing of forms is known", async () => {
      for (const texts of [whole, whole.toSpliced(17, 1)]) {
        const { inBytes, inTexts } = await verified(form(texts));
        expect(inTexts).toEqual({ heads: texts.length, tails: texts.length });
        // In parts of a line its beginning may be cut in two.
        expect(Math.max(inBytes.heads, inBytes.tails)).toBe(texts.length);
      }
    });

    it("comes to the counts of the raw lines, however these are damaged", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { maxLength: 12 }), async (damages) => {
          const texts = damaged(whole, damages);
          const observation = observationFor(ledger);
          for (const text of texts) observation.add(text);
          const { counts, read, inBytes, inTexts } = await verified(form(texts));
          expect({ counts, lines: read.lines }).toEqual({
            counts: check(ledger, observation).counts,
            lines: texts.length,
          });
          expect(inBytes.heads).toBeLessThanOrEqual(inTexts.heads);
          expect(inBytes.tails).toBeLessThanOrEqual(inTexts.tails);
        }),
        { numRuns: 25 },
      );
    });
  });
}
