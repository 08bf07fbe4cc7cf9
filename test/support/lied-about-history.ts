import { beforeAll, describe, expect, it } from "vitest";
import type { Bounds } from "../../src/pipeline/bounds.ts";
import { exactOutcomeOf, lokiUrl, noHarm, outcomeOf } from "./histories-in-loki.ts";
import { type Harm, type KnownHistory, putHistory } from "./known-history.ts";
import { all, counts, inReading, pages } from "./loki-front.ts";
import { denied, lies, withoutMiddle } from "./loki-lies.ts";

/** Tests that each lie about a history is found, or that it changes nothing. */
export function testLiesAbout(name: string, harm: Harm, bounds: Bounds): void {
  describe.concurrent(`a Loki that holds the ${name} history`, () => {
    let history: KnownHistory;

    beforeAll(async () => {
      history = await putHistory(lokiUrl(), name, harm, bounds);
    });

    // Proxies answer in JSON, and Loki itself in protobuf.
    it("is read exactly from Loki itself", async () => {
      expect(await outcomeOf(history, undefined)).toMatchObject(exactOutcomeOf(history));
    });

    it("is read exactly where the proxy before it changes nothing", async () => {
      expect(await outcomeOf(history, (_, truth) => truth)).toMatchObject(exactOutcomeOf(history));
    });

    it.each(lies)("gives the expected result where the proxy %s: %s", async (_, outcome, lie, timeoutMs) => {
      const found = await outcomeOf(history, lie(), { timeoutMs });
      if (outcome === "exact") return expect(found).toMatchObject(exactOutcomeOf(history));
      expect(found.verdict, JSON.stringify(found)).toBe("unknown");
      expect(found.reasons.join()).toContain(outcome);
    });

    it("calls no line lost that the proxy leaves out of answers and counts only when it is read again", async () => {
      const found = await outcomeOf(history, inReading("later", denied(history)));
      const isLost = history.truth.lost > 1;
      expect(found.verdict, JSON.stringify(found)).toBe(isLost ? "broken" : "unknown");
      expect(found.counts).toMatchObject({ ...noHarm, ...history.truth });
      expect(found.reasons.join()).toContain(
        isLost ? "answered 1 line in one reading and not in the other" : "lines when it was read again",
      );
    });

    it("shows a loss where the proxy leaves a line out of every answer, because nothing can tell the difference", async () => {
      const found = await outcomeOf(history, denied(history));
      expect(found.verdict).toBe("broken");
      expect(found.counts).toMatchObject({ ...noHarm, ...history.truth, lost: history.truth.lost + 1 });
    });

    it("is unknown where the proxy leaves an entry out, and counts no line by its text", async () => {
      const blind = counts((count, { parameters }) => (parameters.get("query")!.includes("|~") ? 0 : count));
      const found = await outcomeOf(history, all(pages(withoutMiddle), blind));
      expect(found.verdict, JSON.stringify(found)).toBe("unknown");
      expect(found.reasons.join()).toContain("does not count a line that it answered");
    });
  });
}
