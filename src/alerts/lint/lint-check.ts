import type { KnownMetrics } from "../known-metrics.ts";
import type { PromqlNode } from "../promql-syntax.ts";
import type { Rule, RuleGroup } from "../rule-file.ts";
import type { RuleProblemKind } from "../rule-problem.ts";

/** What the lint of rules is told besides the rules. */
export interface LintContext {
  known: KnownMetrics;
  /** How long the shipper repeats a batch at least before it drops it; undefined if it never does. */
  retriesMs: number | undefined;
  scrapeIntervalMs: number;
  evaluationIntervalMs: number;
  /** Names of series that recording rules make. */
  recorded: ReadonlySet<string>;
  /** Whether a rule tells of any target that is no longer discovered. */
  tellsOfVanished: boolean;
}

/** A rule whose expression parses. */
export interface CheckedRule {
  rule: Rule;
  group: RuleGroup;
  node: PromqlNode;
}

export interface Finding {
  code: RuleProblemKind;
  found: string;
  expected: string;
}

/** One thing that can be wrong with a rule. Most look at alerts alone. */
export type LintCheck = (checked: CheckedRule, context: LintContext) => Finding[];

export function finding(
  code: RuleProblemKind,
  found: string | number = "",
  expected: string | number = "",
): Finding {
  return { code, found: String(found), expected: String(expected) };
}
