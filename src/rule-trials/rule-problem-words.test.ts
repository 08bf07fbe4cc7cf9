import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { describeRuleProblem, isRefused } from "./rule-problem-words.ts";

const alerts = join(import.meta.dirname, "../alerts");
/** Every code that the source of the lint names. */
const codes = new Set(
  globSync("{read-rule-file,lint-rules,lint/*}.ts", { cwd: alerts }).flatMap((file) =>
    [
      ...readFileSync(join(alerts, file), "utf8").matchAll(
        /(?:finding|note)\(\s*"([a-z-]+)"|code: "([a-z-]+)"/g,
      ),
    ].map(([, called, given]) => called ?? given!),
  ),
);

it("has words for every kind of broken rule", () => {
  expect(codes.size).toBeGreaterThan(30);
  for (const code of codes) {
    const text = describeRuleProblem({ code, file: "a.yaml", line: 3, rule: "A", found: "x", expected: "y" });
    expect(text).toMatch(/^a\.yaml:3, A: /);
    expect(text, code).not.toBe(`a.yaml:3, A: ${code}`);
  }
});

it("tells what Prometheus refuses from what it takes", () => {
  expect(["does-not-parse", "yaml", "first-event-unseen"].map((code) => isRefused({ code }))).toEqual([
    true,
    true,
    false,
  ]);
});
