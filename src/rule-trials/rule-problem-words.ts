import { type misleadingKinds, type RuleProblem, refusedKinds } from "../alerts/rule-problem.ts";

type Words = (problem: Pick<RuleProblem, "found" | "expected">) => string;

/** What Prometheus refuses. */
const refused: Record<(typeof refusedKinds)[number], Words> = {
  yaml: ({ found }) => `the file is no YAML (${found})`,
  "not-a-map": ({ found }) => `a ${found} has to be a map`,
  "not-a-list": ({ found }) => `${found} have to be a list`,
  "unknown-field": ({ found, expected }) => `there is no field ${found}; there are ${expected}`,
  "severity-outside-labels": () => "`severity` belongs under `labels`",
  "bad-value": ({ found, expected }) => `${found} has no valid value: ${expected}`,
  "group-without-name": () => "the group has no name",
  "group-repeated": ({ found }) => `there are two groups ${found}`,
  "neither-alert-nor-record": () => "a rule has either `alert` or `record`",
  "no-expression": () => "the rule has no `expr`",
  "field-of-alerts": ({ found }) => `a recording rule has no ${found}`,
  "does-not-parse": ({ found }) =>
    `the expression does not parse${found === "" ? "" : ` at ${JSON.stringify(found)}`}`,
  "unit-after-number": ({ found }) => `PromQL has no units of bytes: write the number instead of ${found}`,
  "unknown-function": ({ found }) => `there is no function ${found}`,
  "range-outside-function": ({ found }) =>
    `a range as in [5m] belongs into a function such as increase(), and not beside ${found}`,
  "function-without-range": ({ found }) => `${found}() needs a range, as in [5m]`,
  "number-in-set": ({ found }) => `a number cannot be a side of ${found}`,
  "modifier-outside-selector": ({ found }) =>
    `${found} applies to a selector alone, as in "up offset 5m", and not to what is calculated`,
  "numbers-compared": ({ found }) => `two numbers can be compared only by ${found} bool`,
  "template-does-not-parse": ({ found }) => `a template does not parse at ${found}`,
};

/** What Prometheus takes, and what does not tell what it is meant to tell. */
const misleading: Record<(typeof misleadingKinds)[number], Words> = {
  "unknown-metric": ({ found, expected }) =>
    `no part has a metric ${found}${expected === "" ? "" : `; similar ones are ${expected}`}`,
  "unknown-job": ({ found, expected }) => `${found}: there is no such job; there are ${expected}`,
  "unknown-label": ({ found, expected }) => `${found}: there is no such label; there are ${expected}`,
  "counter-compared": ({ found, expected }) =>
    `${found} has grown since the start, so that comparing it says nothing; ${expected} does`,
  "rate-over-aggregate": ({ found, expected }) =>
    `${found} takes every restart for a rise; write ${expected}`,
  "rate-over-gauge": ({ found, expected }) => `${found} is a gauge; use ${expected}()`,
  "delta-over-counter": ({ found, expected }) => `${found} is a counter; use ${expected}()`,
  "never-increases": ({ found }) => `${found} is set when a process starts and never increases`,
  "first-event-unseen": ({ found }) =>
    `${found} is born with its first event, which increase() and rate() do not see: add "or (x unless x offset 5m)"`,
  "never-reached": ({ found }) => `nothing is ever ${found}`,
  "sides-never-match": ({ found, expected }) =>
    `the sides of ${found} never have the same labels: ${expected}`,
  "jobs-never-match": ({ found, expected }) => `the sides of ${found} are of different jobs: ${expected}`,
  "up-without-absent": () => "`up` vanishes with a target that is no longer discovered: add absent()",
  "no-comparison": () => "the alert has no condition, so that it fires for every series",
  "bool-always-fires": ({ found, expected }) =>
    `${found} always has a value, 0 or 1, so that the alert always fires; use ${expected}`,
  "offset-into-future": () => "an offset lies in the future",
  "absent-with-regex": ({ found }) => `absent() with ${found} is true only when all are missing`,
  "quantile-without-le": () => "histogram_quantile() needs the label le",
  "no-severity": () => "the alert has no severity",
  "no-annotation": ({ found }) => `the alert has no ${found}`,
  "record-name": ({ found, expected }) => `${found} is not named like ${expected}`,
  "for-beyond-retries": ({ found, expected }) =>
    `it waits for ${found}, and the shipper drops lines after ${expected} already`,
  "for-below-evaluation": ({ found, expected }) =>
    `it waits for ${found}, and is looked at each ${expected} only`,
  "range-below-four-scrapes": ({ found, expected }) =>
    `a range of ${found} has too few samples if one reading fails; ${expected} has enough`,
  "range-below-for": ({ found, expected }) =>
    `an event is seen for ${found}, and the alert waits for ${expected}, so that it never fires`,
  "label-aggregated-away": ({ found, expected }) =>
    `a template shows the label ${found}, which the expression drops; it has ${expected === "" ? "none" : expected}`,
  "label-never-there": ({ found, expected }) =>
    `a template shows the label ${found}, which there is not; there are ${expected === "" ? "none" : expected}`,
  "alert-repeated": ({ found, expected }) => `an alert ${found} with the same labels is at ${expected}`,
};

const words = { ...refused, ...misleading };

/** Whether Prometheus refuses a rule because of this. */
export function isRefused({ code }: Pick<RuleProblem, "code">): boolean {
  return (refusedKinds as readonly string[]).includes(code);
}

/** What is wrong with a rule, in a line. */
export function describeRuleProblem(problem: RuleProblem): string {
  const { code, file, line, rule } = problem;
  const where = `${file}:${line}${rule === null ? "" : `, ${rule}`}`;
  return `${where}: ${words[code](problem)}`;
}
