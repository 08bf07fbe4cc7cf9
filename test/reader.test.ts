import { beforeAll, describe, expect, it } from "vitest";
import { clientOf, exactOutcomeOf, lokiUrl, outcomeOf } from "./support/histories-in-loki.ts";
import { type KnownHistory, putAgain, putHistory } from "./support/known-history.ts";
import { testLiesAbout } from "./support/lied-about-history.ts";
import { counts, pages } from "./support/loki-front.ts";
import { isAboutAll, once, withoutMiddle } from "./support/loki-lies.ts";

describe("a Loki that counts copies which it does not answer", () => {
  let history: KnownHistory;

  beforeAll(async () => {
    history = await putHistory(lokiUrl(), "copied", { lost: [2_500], doubled: [] }, { lost: 0 });
    await clientOf(lokiUrl()).flush();
    await putAgain(lokiUrl(), "copied", history, 100);
    history.truth.duplicated = 200;
  });

  // Flushed again, the copies would become one.
  const isFlushed = false;

  it.concurrent("is read exactly where the proxy before it changes nothing", async () => {
    const found = await outcomeOf(history, (_, truth) => truth, { isFlushed });
    expect(found).toMatchObject(exactOutcomeOf(history));
  });

  it.concurrent("is read exactly where its front leaves an entry out of one page, since that does not add up", async () => {
    const found = await outcomeOf(history, pages(once(withoutMiddle)), { isFlushed });
    expect(found).toMatchObject(exactOutcomeOf(history));
  });

  it.concurrent.each([
    ["leaves an entry out of every page", /Loki counts/, pages(withoutMiddle)],
    ["counts one more, whatever it counts", /Loki counts/, counts((count) => count + 1)],
    [
      "counts one more in all",
      /Loki counts/,
      counts((count, question) => count + Number(isAboutAll(question))),
    ],
    // Loki may have merged the copies by now, and then it counts fewer lines than it answers.
    [
      "counts one fewer in all",
      /Loki counts|but counts/,
      counts((count, question) => count - Number(isAboutAll(question))),
    ],
  ])("is unknown where the proxy %s", async (_, reason, lie) => {
    const found = await outcomeOf(history, lie, { isFlushed });
    expect(found.verdict, JSON.stringify(found)).toBe("unknown");
    expect(found.reasons.join()).toMatch(reason);
  });
});

/** A few in a row, the last line, one by itself, and copies; some of them where a slice of the reader begins. */
const harm = { lost: [7, 8, 9, 1_250, 3_000], doubled: [1, 611, 612, 2_222] };

testLiesAbout("harmed", harm, { lost: 0 });
