import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { historyEntry } from "../../test/support/history-entry.ts";
import { expectedSeconds, nightQueue } from "./night-queue.ts";

describe("the order of a night", () => {
  it("begins with what was never run, then with what was not run for the longest", () => {
    const history = [
      historyEntry({ claim: "p/a", at: "2026-01-03T00:00:00.000Z" }),
      historyEntry({ claim: "p/b", at: "2026-01-01T00:00:00.000Z" }),
      historyEntry({ claim: "p/b", at: "2026-01-02T00:00:00.000Z" }),
    ];
    expect(nightQueue(["p/a", "p/b", "p/c"], 2, history)).toEqual([
      { claim: "p/c", repeat: 0 },
      { claim: "p/b", repeat: 0 },
      { claim: "p/a", repeat: 0 },
      { claim: "p/c", repeat: 1 },
      { claim: "p/b", repeat: 1 },
      { claim: "p/a", repeat: 1 },
    ]);
  });

  it("does not count a run that failed as run", () => {
    const history = [
      historyEntry({ claim: "p/a", at: "2026-01-03T00:00:00.000Z", counts: null }),
      historyEntry({ claim: "p/b", at: "2026-01-01T00:00:00.000Z" }),
    ];
    expect(nightQueue(["p/b", "p/a"], 1, history)[0]).toEqual({ claim: "p/a", repeat: 0 });
  });

  it("leaves no row out, and runs none twice before all ran once, whatever the history holds", () => {
    const claims = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 });
    const days = fc.array(fc.tuple(fc.nat(25), fc.nat(1_000)));
    fc.assert(
      fc.property(claims, fc.integer({ min: 1, max: 4 }), days, (claims, repeats, days) => {
        const history = days.map(([index, day]) =>
          historyEntry({ claim: claims[index] ?? "other", at: new Date(day * 86_400_000).toISOString() }),
        );
        const queue = nightQueue(claims, repeats, history);
        for (let repeat = 0; repeat < repeats; repeat++) {
          const pass = queue.slice(repeat * claims.length, (repeat + 1) * claims.length);
          expect(pass.map(({ claim }) => claim).sort()).toEqual(claims.toSorted());
          expect(pass.every((item) => item.repeat === repeat)).toBe(true);
        }
      }),
    );
  });
});

it("expects a run to take the median of the last five, and a fixed time where there is none", () => {
  const history = [900, 20, 30, 10, 50, 40].map((totalSeconds) =>
    historyEntry({ claim: "p/a", totalSeconds }),
  );
  expect(expectedSeconds("p/a", history)).toBe(30);
  expect(expectedSeconds("p/b", history)).toBe(90);
});
