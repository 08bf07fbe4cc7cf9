import { expect, it } from "vitest";
import { misleadingKinds, refusedKinds } from "../../alerts/rule-problem.ts";
import { ruleProblemLine } from "./rule-problem-words.ts";

const problem = { file: "rules.yaml", line: 7, rule: "Lag", found: "10MB", expected: "10" };

it("says in one line where a problem is, what it is and what to do", () => {
  expect(ruleProblemLine({ ...problem, code: "unit-after-number" })).toBe(
    "rules.yaml:7: Lag: PromQL has no units of size: instead of `10MB` write the number, like `10 * 1024 * 1024`",
  );
  expect(ruleProblemLine({ ...problem, code: "yaml", rule: null })).toBe(
    "rules.yaml:7: this is not YAML (10MB)",
  );
});

it("has another sentence for each kind of problem", () => {
  const kinds = [...refusedKinds, ...misleadingKinds];
  const lines = kinds.map((code) => ruleProblemLine({ ...problem, code, found: "F", expected: "E" }));
  expect(new Set(lines).size).toBe(kinds.length);
});
