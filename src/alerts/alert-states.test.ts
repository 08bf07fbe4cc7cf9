import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AlertPeriods, type AlertSpan, alertStates } from "./alert-states.ts";

/** One character for each evaluation, a second apart: `#` where the condition is true. */
function statesOf(text: string, periods: Partial<AlertPeriods> = {}): AlertSpan[] {
  const evaluations = [...text].map((state, second) => ({
    atMs: second * 1_000,
    keys: new Set(state === "#" ? ["a"] : []),
  }));
  return alertStates({ forMs: 0, keepFiringMs: 0, ...periods }, evaluations);
}

/** When it was active, fired and ended, in seconds. */
function seconds(spans: AlertSpan[]): (number | null)[][] {
  const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1_000);
  return spans.map(({ activeAtMs, firedAtMs, endedAtMs }) =>
    [activeAtMs, firedAtMs, endedAtMs].map(inSeconds),
  );
}

describe("the states of an alert", () => {
  it("fires at once without a `for`, and ends with its condition", () => {
    expect(seconds(statesOf("..##."))).toEqual([[2, 2, 4]]);
  });

  it("fires when its condition has been true for its `for`, and not before", () => {
    expect(seconds(statesOf(".####", { forMs: 3_000 }))).toEqual([[1, 4, null]]);
    expect(seconds(statesOf(".###.", { forMs: 3_000 }))).toEqual([[1, null, 4]]);
  });

  it("fires at the first evaluation after its `for`, where that lies between two", () => {
    expect(seconds(statesOf("####", { forMs: 1_500 }))).toEqual([[0, 2, null]]);
  });

  it("begins anew where its condition was not true for one evaluation", () => {
    expect(seconds(statesOf("##.###", { forMs: 2_000 }))).toEqual([
      [0, null, 2],
      [3, 5, null],
    ]);
  });

  it("is kept firing from the evaluation that no longer finds its condition true", () => {
    expect(seconds(statesOf("#....", { keepFiringMs: 2_000 }))).toEqual([[0, 0, 3]]);
    expect(seconds(statesOf("#.#...", { keepFiringMs: 2_000 }))).toEqual([[0, 0, 5]]);
  });

  it("is not kept pending", () => {
    expect(seconds(statesOf("#..", { forMs: 5_000, keepFiringMs: 5_000 }))).toEqual([[0, null, 1]]);
  });
});

it("keeps series apart, and orders them by when they became active", () => {
  const evaluations = [["a"], ["a", "b"], ["b"]].map((keys, second) => ({
    atMs: second * 1_000,
    keys: new Set(keys),
  }));
  expect(alertStates({ forMs: 1_000, keepFiringMs: 0 }, evaluations)).toEqual([
    { key: "a", activeAtMs: 0, firedAtMs: 1_000, endedAtMs: 2_000 },
    { key: "b", activeAtMs: 1_000, firedAtMs: 2_000, endedAtMs: null },
  ]);
});

it("never fires before its `for`, nor later than the evaluation after it while its condition stays true", () => {
  const text = fc.array(fc.constantFrom("#", "."), { maxLength: 40 }).map((states) => states.join(""));
  fc.assert(
    fc.property(text, fc.nat(6), (states, forSeconds) => {
      const found = seconds(statesOf(states, { forMs: forSeconds * 1_000 }));
      // Each run of true evaluations is one alert, which fires if the run is long enough.
      const runs = [...states.matchAll(/#+/g)].map(({ 0: { length }, index }) => [
        index,
        length > forSeconds ? index + forSeconds : null,
        index + length < states.length ? index + length : null,
      ]);
      expect(found).toEqual(runs);
    }),
  );
});
