import { describe, expect, it } from "vitest";
import { checkedGoal, namedGoals, parseGoal } from "./search-goal.ts";

describe("a goal", () => {
  it("has a name, or its attributes with defaults for all but the length of a trial", () => {
    expect(parseGoal("tst009")).toBe(namedGoals.tst009);
    expect(parseGoal("trial=10s")).toEqual({
      initialTrialSeconds: 10,
      finalTrialSeconds: 10,
      durationSumSeconds: 10,
      lossRatio: 0,
      exceedRatio: 0,
      width: 0.1,
    });
    expect(parseGoal("trial=1m,initial=5s,sum=2m,loss=0.001,exceed=0.5,width=0.02")).toEqual({
      initialTrialSeconds: 5,
      finalTrialSeconds: 60,
      durationSumSeconds: 120,
      lossRatio: 0.001,
      exceedRatio: 0.5,
      width: 0.02,
    });
  });

  it.each([
    ["constructor", "expected a goal like"],
    ["sum=10s", "expected a goal like"],
    ["trial=10s,looses=1", "expected a goal like"],
    ["trial=ten", "expected a duration"],
    ["trial=10s,loss=", "expected a loss ratio"],
    ["trial=10s,loss=1", "expected a loss ratio"],
    ["trial=10s,exceed=-0.1", "expected an exceed ratio"],
    ["trial=10s,width=0", "expected a width"],
    ["trial=10s,initial=20s", "expected an initial trial duration"],
    ["trial=10s,sum=5s", "expected a duration sum"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => parseGoal(text)).toThrow(message);
  });

  it("by a name can be one", () => {
    for (const goal of Object.values(namedGoals)) expect(checkedGoal(goal)).toBe(goal);
  });
});
