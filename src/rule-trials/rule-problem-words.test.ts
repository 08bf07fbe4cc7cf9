import { expect, it } from "vitest";
import { misleadingKinds, refusedKinds } from "../alerts/rule-problem.ts";
import { describeRuleProblem, isRefused } from "./rule-problem-words.ts";

const kinds = [...refusedKinds, ...misleadingKinds];
const problem = { file: "a.yaml", line: 3, rule: "A", found: "x", expected: "y" };

it("has other words for every kind of broken rule", () => {
  const texts = kinds.map((code) => describeRuleProblem({ ...problem, code }));
  for (const [index, text] of texts.entries()) {
    expect(text).toMatch(/^a\.yaml:3, A: /);
    expect(text).not.toBe(`a.yaml:3, A: ${kinds[index]}`);
  }
  expect(new Set(texts).size).toBe(kinds.length);
  expect(kinds.length).toBeGreaterThan(30);
});

it("tells what Prometheus refuses from what it takes", () => {
  const codes = ["does-not-parse", "yaml", "first-event-unseen"] as const;
  expect(codes.map((code) => isRefused({ code }))).toEqual([true, true, false]);
});
