import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { readKnownMetrics } from "./known-metrics.ts";
import { parsePromql } from "./parse-promql.ts";
import { selectorsIn } from "./promql-syntax.ts";
import { readRuleFile } from "./read-rule-file.ts";
import type { Rule } from "./rule-file.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const groupsOf = (set: string) => {
  const path = `fixtures/monitoring/rules/${set}.yaml`;
  const { groups, problems } = readRuleFile(textOf(path), path);
  expect(problems).toEqual([]);
  return groups;
};
const alertsOf = (set: string): Rule[] => groupsOf(set).flatMap(({ rules }) => rules);

/** The sets whose alerts have a page and tests; the others are known from elsewhere. */
const own = ["everyline", "document"];
const sets = globSync("fixtures/monitoring/rules/*.yaml", { cwd: root }).map((path) =>
  basename(path, ".yaml"),
);

const testsSchema = z.object({
  tests: z.array(
    z.object({
      promql_expr_test: z.array(
        z.object({ expr: z.string(), eval_time: z.string(), exp_samples: z.array(z.unknown()) }),
      ),
    }),
  ),
});

describe("the rule sets", () => {
  it.each(sets)("%s: each group gives its alerts the name of the set", (set) => {
    for (const { labels } of groupsOf(set)) expect(labels).toMatchObject({ rule_set: set });
  });

  it.each(own)("%s: each alert has a page, and names it", (set) => {
    for (const { name, annotations } of alertsOf(set)) {
      expect(annotations.runbook_url).toBe(`docs/runbooks/${name}.md`);
      const page = textOf(annotations.runbook_url!);
      expect(page).toMatch(new RegExp(`^# ${name}\n`));
      for (const heading of ["What is lost, and when", "What to look at", "What to do"])
        expect(page, name).toContain(`\n## ${heading}\n`);
    }
  });

  it("have an alert for every page", () => {
    const pages = globSync("docs/runbooks/*.md", { cwd: root }).map((path) => basename(path, ".md"));
    const names = own.flatMap(alertsOf).map(({ name }) => name);
    expect(pages.sort()).toEqual([...new Set(names)].sort());
  });

  it.each(own)("%s: promtool tests that each alert is silent, fires, and is resolved", (set) => {
    const files = globSync(`fixtures/monitoring/rule-tests/${set}*.yaml`, { cwd: root });
    const expectations = files.flatMap((path) =>
      testsSchema.parse(parse(textOf(path))).tests.map((each) => each.promql_expr_test),
    );
    for (const { name } of alertsOf(set)) {
      const fired = expectations.map((inTest) =>
        inTest
          .filter(({ expr }) => expr.includes(`alertname="${name}"`))
          .map(({ exp_samples: samples }) => samples.length),
      );
      const isWhole = (counts: number[]) => counts[0] === 0 && counts.includes(1) && counts.at(-1) === 0;
      expect(fired.some(isWhole), name).toBe(true);
    }
  });

  it("are written for metrics that are described, and every job that they ask for exists", () => {
    const { byName } = readKnownMetrics(textOf("fixtures/monitoring/metrics.yaml"));
    const used = sets.flatMap(alertsOf).flatMap(({ expr }) => selectorsIn(parsePromql(expr).node!));
    expect(used.filter(({ metric }) => !byName.has(metric!))).toEqual([]);
  });
});
