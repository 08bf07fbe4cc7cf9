import type { RuleProblem, RuleProblemKind } from "../../alerts/rule-problem.ts";

type Told = Pick<RuleProblem, "found" | "expected">;

const sentences: Record<RuleProblemKind, string | ((told: Told) => string)> = {
  yaml: ({ found }) => `this is not YAML (${found})`,
  "not-a-map": ({ found }) => `expected a map of fields (${found}), found something else`,
  "not-a-list": ({ found }) => `expected \`${found}\` to be a list`,
  "unknown-field": ({ found, expected }) =>
    `Prometheus knows no field \`${found}\` here; there are ${expected}`,
  "severity-outside-labels":
    "Prometheus knows no field `severity` beside the alert's name; it belongs under `labels`",
  "bad-value": ({ found, expected }) => `the value of \`${found}\` is not valid: ${expected}`,
  "group-without-name": "a group needs a name",
  "group-repeated": ({ found }) => `there is a group \`${found}\` already in this file`,
  "neither-alert-nor-record": "a rule needs either `alert` or `record`, and not both",
  "no-expression": "a rule needs `expr`",
  "field-of-alerts": ({ found }) => `\`${found}\` is for alerts; this rule records`,
  "does-not-parse": ({ found }) =>
    found === "" ? "the expression ends too early" : `the expression does not parse from here on: ${found}`,
  "unit-after-number": ({ found, expected }) =>
    `PromQL has no units of size: instead of \`${found}\` write the number, like \`${expected} * 1024 * 1024\``,
  "unknown-function": ({ found }) => `PromQL has no function \`${found}\``,
  "range-outside-function": ({ found }) =>
    `a range like \`[5m]\` cannot stand at \`${found}\`; only functions such as rate() take one`,
  "function-without-range": ({ found }) => `\`${found}()\` needs a range like \`[5m]\``,
  "number-in-set": ({ found }) => `\`${found}\` needs series on both sides, and one is a number`,
  "template-does-not-parse": ({ found }) => `the template does not parse at \`${found}\``,
  "unknown-metric": ({ found, expected }) =>
    `no part here has a metric \`${found}\`, so the rule never fires${expected === "" ? "" : `; there are ${expected}`}`,
  "unknown-job": ({ found, expected }) => `\`${found}\` matches nothing; the jobs are ${expected}`,
  "unknown-label": ({ found, expected }) => `\`${found}\` matches nothing; its labels are ${expected}`,
  "never-reached": ({ found }) => `no value can be \`${found}\` here, so the rule never fires`,
  "first-event-unseen": ({ found }) =>
    `\`${found}\` is born with its first event, which is no increase; add \`or (${found} unless ${found} offset 5m) > 0\``,
  "never-increases": ({ found }) =>
    `\`${found}\` only changes while its process starts, so it never increases; compare it itself`,
  "sides-never-match": ({ found, expected }) =>
    `the sides of \`${found}\` never have the same labels (${expected}); say by which to match with \`on (…)\``,
  "jobs-never-match": ({ found, expected }) =>
    `the sides of \`${found}\` are of different jobs (${expected}), so \`job\` and \`instance\` never match`,
  "quantile-without-le": "histogram_quantile() needs the label `le`, which is aggregated away",
  "for-beyond-retries": ({ found, expected }) =>
    `it waits for ${found}, but the shipper may drop lines ${expected} after the first failure`,
  "for-below-evaluation": ({ found, expected }) =>
    `it waits for ${found}, but is looked at only every ${expected}`,
  "range-below-four-scrapes": ({ found, expected }) =>
    `a range of ${found} has too few samples when a scrape fails; use at least ${expected}`,
  "range-below-for": ({ found, expected }) =>
    `an event is seen for ${found} and never lasts for ${expected}, so it never fires for a single one`,
  "up-without-absent":
    "a target that is no longer discovered has no `up` that could be 0; add `or absent(up{…})`",
  "absent-with-regex": ({ found }) =>
    `absent() with \`${found}\` says nothing while any of several matches; use one for each`,
  "no-comparison": "without a comparison it fires for every series",
  "bool-always-fires": ({ found, expected }) =>
    `\`${found}\` gives 0 or 1 for every series, and it fires for both; use \`${expected}\``,
  "counter-compared": ({ found, expected }) =>
    `\`${found}\` only grows, so it stays above any number once it is; compare \`${expected}\``,
  "rate-over-gauge": ({ found, expected }) =>
    `\`${found}\` is a gauge, and each fall would count as a restart; use ${expected}()`,
  "delta-over-counter": ({ found, expected }) =>
    `\`${found}\` is a counter, and a restart would count as a fall; use ${expected}()`,
  "rate-over-aggregate": ({ found, expected }) =>
    `\`${found}\` hides restarts of a part; use \`${expected}\``,
  "offset-into-future": "a negative offset looks at samples that are not there yet",
  "no-severity": "no label `severity` says how urgent it is",
  "no-annotation": ({ found }) => `it has no annotation \`${found}\``,
  "label-aggregated-away": ({ found, expected }) =>
    `a template shows the label \`${found}\`, which the expression drops; it has ${expected === "" ? "none" : expected}`,
  "label-never-there": ({ found, expected }) =>
    `a template shows the label \`${found}\`, which its series never have; they have ${expected === "" ? "none" : expected}`,
  "record-name": ({ found, expected }) => `\`${found}\` should be named like ${expected}`,
  "alert-repeated": ({ found, expected }) => `an alert \`${found}\` with the same labels is at ${expected}`,
};

/** A problem of a rule as one line: `FILE:LINE: RULE: what is wrong, and what to do`. */
export function ruleProblemLine(problem: RuleProblem): string {
  const { file, line, rule, code } = problem;
  const sentence = sentences[code];
  const text = typeof sentence === "string" ? sentence : sentence(problem);
  return [`${file}:${line}`, ...(rule === null || rule === "" ? [] : [rule]), text].join(": ");
}
