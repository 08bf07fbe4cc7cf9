import {
  checkBirths,
  checkComparedCounters,
  checkFunctionsOfTypes,
  checkThresholds,
} from "./lint/check-counters.ts";
import { checkModifiers, checkNumbers } from "./lint/check-operands.ts";
import { checkMatching, checkSelectors, checkUp } from "./lint/check-series.ts";
import {
  checkAbsent,
  checkCondition,
  checkOffsets,
  checkQuantiles,
  checkRanges,
  checkSets,
} from "./lint/check-shape.ts";
import { checkAnnotations, checkRecordName, checkSeverity, checkTemplates } from "./lint/check-texts.ts";
import { checkEvaluation, checkEventRanges, checkRetries, checkSamples } from "./lint/check-times.ts";
import type { Finding, LintCheck, LintContext } from "./lint/lint-check.ts";
import { unparsed } from "./lint/unparsed.ts";
import { parsePromql } from "./parse-promql.ts";
import { nodesIn, type PromqlNode, selectorsIn } from "./promql-syntax.ts";
import type { Rule, RuleFile, RuleGroup } from "./rule-file.ts";
import type { RuleProblem } from "./rule-problem.ts";

const checks: LintCheck[] = [
  checkSeverity,
  checkAnnotations,
  checkTemplates,
  checkRecordName,
  checkCondition,
  checkRanges,
  checkSets,
  checkModifiers,
  checkNumbers,
  checkOffsets,
  checkAbsent,
  checkQuantiles,
  checkSelectors,
  checkMatching,
  checkUp,
  checkComparedCounters,
  checkFunctionsOfTypes,
  checkBirths,
  checkThresholds,
  checkRetries,
  checkEvaluation,
  checkSamples,
  checkEventRanges,
];

/** What the lint is told by its caller; the rest of what checks need follows from the files. */
export type LintOptions = Omit<LintContext, "recorded" | "tellsOfVanished">;

interface PlacedRule {
  file: string;
  group: RuleGroup;
  rule: Rule;
  /** Undefined if the expression does not parse. */
  node: PromqlNode | undefined;
}

/**
 * Finds what is wrong with rules, or will keep them from telling what they are meant to tell: in each file what Prometheus would refuse,
 * and in each rule what can be known without samples.
 *
 * @param files that are loaded together, so that one may record what another selects
 * @returns by file and line
 */
export function lintRules(files: RuleFile[], options: LintOptions): RuleProblem[] {
  const placed = files.flatMap(({ name, groups }) =>
    groups.flatMap((group) =>
      group.rules.map((rule) => ({ file: name, group, rule, node: parsePromql(rule.expr).node })),
    ),
  );
  const recorded = new Set(placed.filter(({ rule }) => rule.kind === "record").map(({ rule }) => rule.name));
  const context: LintContext = { ...options, recorded, tellsOfVanished: placed.some(tellsOfVanished) };
  const found = [
    ...files.flatMap(({ problems }) => problems),
    ...files.flatMap(repeatedGroups),
    ...placed.flatMap((each) => problemsOf(each, context)),
    ...repeatedAlerts(placed),
  ];
  return found.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

function problemsOf(placed: PlacedRule, context: LintContext): RuleProblem[] {
  const { rule, group, node } = placed;
  if (rule.expr === "") return [];
  const findings =
    node === undefined
      ? [unparsed(rule.expr, parsePromql(rule.expr).error!.at), ...withoutExpression(placed, context)]
      : checks.flatMap((check) => check({ rule, group, node }, context));
  return findings.map((each) => problem(placed, each));
}

/** What can be said of a rule whose expression does not parse. */
function withoutExpression({ rule, group }: PlacedRule, context: LintContext): Finding[] {
  const node: PromqlNode = { kind: "number", value: 0 };
  return [checkSeverity, checkAnnotations].flatMap((check) => check({ rule, group, node }, context));
}

function problem({ file, rule }: PlacedRule, each: Finding): RuleProblem {
  return { ...each, file, line: rule.line, rule: rule.name };
}

/** A rule that compares the targets that are there with those that were. */
function tellsOfVanished({ node }: PlacedRule): boolean {
  if (node === undefined) return false;
  return [...nodesIn(node)].some(
    (each) => each.kind === "binary" && each.op === "unless" && [each.left, each.right].every(isAllOfUp),
  );
}

function isAllOfUp(node: PromqlNode): boolean {
  const [selector, ...others] = selectorsIn(node);
  return selector?.metric === "up" && selector.matchers.length === 0 && others.length === 0;
}

function repeatedGroups({ name, groups }: RuleFile): RuleProblem[] {
  return groups
    .filter((group, index) => groups.findIndex((each) => each.name === group.name) < index)
    .map((group) => ({
      code: "group-repeated",
      file: name,
      line: group.line,
      rule: null,
      found: group.name,
      expected: "",
    }));
}

/** Two alerts of one name and one set of labels cannot be told apart by whoever is told. */
function repeatedAlerts(placed: PlacedRule[]): RuleProblem[] {
  const seen = new Map<string, PlacedRule>();
  return placed.flatMap((each) => {
    const { rule, group } = each;
    if (rule.kind !== "alert") return [];
    const labels = Object.entries({ ...group.labels, ...rule.labels }).sort(([a], [b]) => a.localeCompare(b));
    const identity = JSON.stringify([rule.name, labels]);
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, each);
    const expected = first === undefined ? "" : `${first.file}:${first.rule.line}`;
    return first === undefined ? [] : [problem(each, { code: "alert-repeated", found: rule.name, expected })];
  });
}
