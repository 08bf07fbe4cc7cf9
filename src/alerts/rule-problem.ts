/** Kinds of mistakes for which Prometheus refuses a file. */
export const refusedKinds = [
  "yaml",
  "not-a-map",
  "not-a-list",
  "unknown-field",
  "severity-outside-labels",
  "bad-value",
  "group-without-name",
  "group-repeated",
  "neither-alert-nor-record",
  "no-expression",
  "field-of-alerts",
  "does-not-parse",
  "unit-after-number",
  "unknown-function",
  "range-outside-function",
  "function-without-range",
  "number-in-set",
  "modifier-outside-selector",
  "numbers-compared",
  "template-does-not-parse",
] as const;

/** Kinds of mistakes that Prometheus takes, and that keep a rule from telling what it is meant to tell, or from telling it in time. */
export const misleadingKinds = [
  "unknown-metric",
  "unknown-job",
  "unknown-label",
  "never-reached",
  "first-event-unseen",
  "never-increases",
  "sides-never-match",
  "jobs-never-match",
  "quantile-without-le",
  "for-beyond-retries",
  "for-below-evaluation",
  "range-below-four-scrapes",
  "range-below-for",
  "up-without-absent",
  "absent-with-regex",
  "no-comparison",
  "bool-always-fires",
  "counter-compared",
  "rate-over-gauge",
  "delta-over-counter",
  "rate-over-aggregate",
  "offset-into-future",
  "no-severity",
  "no-annotation",
  "label-aggregated-away",
  "label-never-there",
  "record-name",
  "alert-repeated",
] as const;

export type RuleProblemKind = (typeof refusedKinds)[number] | (typeof misleadingKinds)[number];

/**
 * Something that is wrong with a rule. Only reports make sentences of it. `found` is what the file has there, `expected` what could be
 * there instead; both are empty where the code says all.
 */
export interface RuleProblem {
  code: RuleProblemKind;
  file: string;
  line: number;
  /** Null outside of a rule. */
  rule: string | null;
  found: string;
  expected: string;
}
