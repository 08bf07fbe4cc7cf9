import type { RuleProblemKind } from "../../src/alerts/rule-problem.ts";

/** What every alert should have. */
const goodText = "labels: { severity: page }, annotations: { summary: s, description: d }";

/** An alert with this expression, as YAML. */
export const alert = (expr: string, more = goodText) =>
  `{ alert: A, expr: ${JSON.stringify(expr)}, ${more} }`;
const withText = (summary: string) =>
  `labels: { severity: page }, annotations: { description: d, summary: ${JSON.stringify(summary)} }`;
/** A wait, and what every alert should have. */
export const forFor = (period: string) => `for: ${period}, ${goodText}`;

/** Broken rules: the kind, the rule, and what is found in it. Nothing else is wrong with any of them. */
export const brokenRules: [code: RuleProblemKind, rule: string, found?: string][] = [
  // What Prometheus refuses.
  ["does-not-parse", alert("sum(up"), ""],
  ["unit-after-number", alert("promtail_file_bytes_total > 10MB"), "10MB"],
  ["unknown-function", alert("increse(promtail_sent_entries_total[5m]) > 0"), "increse"],
  ["severity-outside-labels", `{ alert: A, expr: up > 0, severity: page, ${goodText} }`, "severity"],
  ["unknown-field", `{ alert: A, expr: up > 0, four: 5m, ${goodText} }`, "four"],
  ["bad-value", `{ alert: A, expr: up > 0, for: 5 minutes, ${goodText} }`, "for"],
  [
    "bad-value",
    "{ alert: A, expr: up > 0, labels: { severity: page, shift: [1] }, annotations: { summary: s, description: d } }",
    "labels.shift",
  ],
  ["neither-alert-nor-record", `{ expr: up > 0, ${goodText} }`],
  ["neither-alert-nor-record", `{ alert: A, record: a:b, expr: up > 0, ${goodText} }`],
  ["no-expression", `{ alert: A, ${goodText} }`],
  ["field-of-alerts", "{ record: a:up:sum, expr: sum(up), for: 5m }", "for"],
  ["not-a-map", "only a text"],
  ["range-outside-function", alert("up[5m] > 0"), ">"],
  ["function-without-range", alert("rate(promtail_sent_entries_total) > 0"), "rate"],
  ["template-does-not-parse", alert("up > 0", withText("{{ $labels.job")), "{{ $labels.job"],
  ["template-does-not-parse", alert("up > 0", withText("{{ humanise $value }}")), "humanise"],
  ["template-does-not-parse", alert("up > 0", withText("{{ $label.job }}")), "$label.job"],
  ["template-does-not-parse", alert("up > 0", withText("{{ if eq $value 1.0 }}one")), "{{ end }}"],
  ["template-does-not-parse", alert("up > 0", withText("{{ else }}")), "else"],
  ["template-does-not-parse", alert("up > 0", withText("{{ if $value }}{{ break }}{{ end }}")), "break"],
  ["template-does-not-parse", alert("up > 0", withText("{{ /* spaces around a comment */ }}")), "/*"],
  ["number-in-set", alert("up and 1"), "and"],
  ["range-outside-function", alert("absent(up[5m])"), "absent()"],
  ["modifier-outside-selector", alert("sum(up) offset 5m > 0"), "offset"],
  ["modifier-outside-selector", alert("sum(up) @ end() > 0"), "@"],
  ["modifier-outside-selector", alert("max_over_time(sum(up)[5m]) > 0"), "[…]"],
  ["numbers-compared", alert("time() > 0"), ">"],
  ["numbers-compared", alert("up and on () vector(scalar(up) == 1)"), "=="],

  // What Prometheus takes, and what never fires.
  ["unknown-metric", alert("promtail_sent_lines_total > 5"), "promtail_sent_lines_total"],
  ["unknown-job", alert('up{job="prommtail"} > 0'), 'up{job="prommtail"}'],
  ["unknown-label", alert('promtail_file_bytes_total{file="x"} > 5'), "promtail_file_bytes_total{file}"],
  ["never-reached", alert("up > 1"), "> 1"],
  ["never-reached", alert('count(up{job="loki"}) == 0 or absent(up{job="loki"})'), "== 0"],
  ["never-reached", alert("kafka_consumergroup_lag < 0"), "< 0"],
  [
    "first-event-unseen",
    alert("increase(loki_discarded_samples_total[5m]) > 0"),
    "loki_discarded_samples_total",
  ],
  [
    "first-event-unseen",
    alert("sum by (job) (rate(push_gateway_requests_total[5m])) > 0"),
    "push_gateway_requests_total",
  ],
  [
    "first-event-unseen",
    alert("increase(loki_discarded_samples_total[5m]) >= 1"),
    "loki_discarded_samples_total",
  ],
  [
    "first-event-unseen",
    alert("increase(loki_discarded_samples_total[5m]) != 0"),
    "loki_discarded_samples_total",
  ],
  [
    "never-increases",
    alert("increase(loki_ingester_wal_corruptions_total[1h]) > 0"),
    "loki_ingester_wal_corruptions_total",
  ],
  [
    "sides-never-match",
    alert("kafka_consumergroup_current_offset < kafka_topic_partition_oldest_offset"),
    "<",
  ],
  [
    "sides-never-match",
    alert("sum by (job) (promtail_sent_entries_total) > promtail_batch_retries_total"),
    ">",
  ],
  [
    "jobs-never-match",
    alert("promtail_files_active_total == 0 and on (instance) loki_panic_total offset 5m"),
    "and",
  ],
  [
    "quantile-without-le",
    alert("histogram_quantile(0.9, sum by (job) (rate(loki_request_duration_seconds_bucket[5m]))) > 1"),
  ],

  // What fires too late, or for too short a time.
  ["for-beyond-retries", alert('up{job="loki"} == 0 or absent(up{job="loki"})', forFor("5m")), "300s"],
  ["for-below-evaluation", alert("up > 0", forFor("1s")), "1s"],
  ["range-below-four-scrapes", alert("rate(promtail_sent_entries_total[15s]) == 0"), "15s"],
  ["range-below-for", alert("increase(loki_panic_total[1m]) > 0", forFor("2m")), "60s"],
  ["range-below-for", alert("increase(loki_panic_total[1m]) >= 1", forFor("2m")), "60s"],
  ["up-without-absent", alert('up{job="loki"} == 0')],
  ["absent-with-regex", alert('absent(up{job=~"loki|promtail"})'), 'job=~"loki|promtail"'],

  // What says something else than is meant.
  ["no-comparison", alert("rate(promtail_dropped_entries_total[5m])")],
  ["bool-always-fires", alert("up > bool 0"), "> bool"],
  ["counter-compared", alert("sum(promtail_sent_entries_total) > 100"), "promtail_sent_entries_total"],
  ["rate-over-gauge", alert("rate(promtail_read_bytes_total[5m]) == 0"), "promtail_read_bytes_total"],
  ["delta-over-counter", alert("delta(promtail_sent_entries_total[5m]) > 0"), "promtail_sent_entries_total"],
  ["rate-over-aggregate", alert("rate(sum(promtail_sent_entries_total)[5m:]) == 0"), "rate(sum(…))"],
  ["offset-into-future", alert("up offset -5m > 0")],

  // What leaves whoever is told alone.
  ["no-severity", alert("up > 0", "annotations: { summary: s, description: d }")],
  [
    "no-annotation",
    alert("up > 0", "labels: { severity: page }, annotations: { summary: s }"),
    "description",
  ],
  ["label-aggregated-away", alert("sum by (job) (up) > 0", withText("{{ $labels.instance }}")), "instance"],
  ["label-never-there", alert("up > 0", withText("{{ $labels.path }}")), "path"],
  ["record-name", "{ record: up_total, expr: sum(up) }", "up_total"],
];

/** A file with one rule. */
export function ruleFileOf(rule: string): string {
  return `groups:\n  - name: g\n    rules:\n      - ${rule}\n`;
}
