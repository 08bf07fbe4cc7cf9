import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentedBackoff, retryHorizon } from "../products/retry-horizon.ts";
import { readKnownMetrics } from "./known-metrics.ts";
import { type LintOptions, lintRules } from "./lint-rules.ts";
import { readRuleFile } from "./read-rule-file.ts";

const monitoring = join(import.meta.dirname, "../../fixtures/monitoring");
const rulesOf = (name: string) => readRuleFile(readFileSync(join(monitoring, "rules", name), "utf8"), name);

const options: LintOptions = {
  known: readKnownMetrics(readFileSync(join(monitoring, "metrics.yaml"), "utf8")),
  retriesMs: retryHorizon(documentedBackoff)!.earliestMs,
  scrapeIntervalMs: 5_000,
  evaluationIntervalMs: 5_000,
};

const goodText = "labels: { severity: page }, annotations: { summary: s, description: d }";

/** A file with one rule; what is wrong with it is in `rule`, everything else is as it should be. */
function lint(rule: string, before = ""): { code: string; line: number; found: string }[] {
  const text = `${before}groups:\n  - name: g\n    rules:\n      - ${rule}\n`;
  return lintRules([readRuleFile(text, "rules.yaml")], options);
}

const alert = (expr: string, more = goodText) => `{ alert: A, expr: ${JSON.stringify(expr)}, ${more} }`;
const withText = (summary: string) =>
  `labels: { severity: page }, annotations: { description: d, summary: ${JSON.stringify(summary)} }`;
const forFor = (period: string) => `for: ${period}, ${goodText}`;

/** Broken rules, each of another kind: the code that names it, and the rule. */
const broken: [code: string, rule: string, found?: string][] = [
  // What Prometheus refuses.
  ["does-not-parse", alert("sum(up"), ""],
  ["unit-after-number", alert("promtail_file_bytes_total > 10MB"), "10MB"],
  ["unknown-function", alert("increse(promtail_sent_entries_total[5m]) > 0"), "increse"],
  ["severity-outside-labels", `{ alert: A, expr: up > 0, severity: page, ${goodText} }`, "severity"],
  ["unknown-field", `{ alert: A, expr: up > 0, four: 5m, ${goodText} }`, "four"],
  ["bad-value", `{ alert: A, expr: up > 0, for: 5 minutes, ${goodText} }`, "for"],
  [
    "bad-value",
    "{ alert: A, expr: up > 0, labels: { severity: page, shift: 1 }, annotations: { summary: s, description: d } }",
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
  ["number-in-set", alert("up and 1"), "and"],

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

describe("the lint of rules", () => {
  it.each(broken)("names %s, and nothing else: %s", (code, rule, found) => {
    const problems = lint(rule);
    expect(problems.map((each) => each.code)).toEqual([code]);
    if (found !== undefined) expect(problems[0]!.found).toBe(found);
    expect(problems[0]!.line).toBe(4);
  });

  it("knows more than 40 kinds of broken rules, each of which is tested", () => {
    expect(new Set(broken.map(([code]) => code)).size).toBeGreaterThan(40);
  });

  it("names what is wrong with a file as a whole, with its line", () => {
    const of = (text: string) =>
      lintRules([readRuleFile(text, "f")], options).map(({ code, line }) => [code, line]);
    expect(of("groups:\n  - a: [")).toEqual([["yaml", 2]]);
    expect(of("- 1")).toEqual([["not-a-map", 1]]);
    expect(of("rules: []")).toEqual([["unknown-field", 1]]);
    expect(of("groups: 1")).toEqual([["not-a-list", 1]]);
    expect(of("groups:\n  - rules: []")).toEqual([["group-without-name", 2]]);
    expect(of("groups:\n  - { name: a, rules: [] }\n  - { name: a, rules: [] }")).toEqual([
      ["group-repeated", 3],
    ]);
  });

  it("names an alert that is there twice with the same labels, also in two files", () => {
    const file = (name: string, labels: string) =>
      readRuleFile(
        `groups:\n  - name: g\n    labels: { ${labels} }\n    rules:\n      - ${alert("up > 0")}`,
        name,
      );
    const lintOf = (...files: ReturnType<typeof file>[]) =>
      lintRules(files, options).map(({ code, expected }) => [code, expected]);
    expect(lintOf(file("a", "set: x"), file("b", "set: x"))).toEqual([["alert-repeated", "a:5"]]);
    expect(lintOf(file("a", "set: x"), file("b", "set: y"))).toEqual([]);
  });

  it("takes series that another file records, and up that another rule looks after", () => {
    const record = "{ record: job:up:sum, expr: sum by (job) (up) }";
    const vanished =
      "{ alert: V, expr: 'present_over_time(up[1h]) unless up', labels: { severity: page }, annotations: { summary: s, description: d } }";
    const of = (...rules: string[]) =>
      readRuleFile(`groups: [{ name: g, rules: [${rules.join(", ")}] }]`, "f");
    expect(lintRules([of(alert("job:up:sum > 5")), of(record)], options)).toEqual([]);
    expect(lintRules([of(alert('up{job="loki"} == 0'), vanished)], options)).toEqual([]);
  });

  it("finds nothing in a rule that sees the birth of a counter", () => {
    expect(
      lint(
        alert(
          "increase(loki_discarded_samples_total[5m]) > 0 or (loki_discarded_samples_total unless loki_discarded_samples_total offset 5m) > 0",
        ),
      ),
    ).toEqual([]);
  });

  it("lets no rule wait for retries that never end", () => {
    const file = readRuleFile(
      `groups: [{ name: g, rules: [${alert("promtail_files_active_total == 0", forFor("1h"))}] }]`,
      "f",
    );
    expect(lintRules([file], options).map(({ code }) => code)).toEqual(["for-beyond-retries"]);
    expect(lintRules([file], { ...options, retriesMs: undefined })).toEqual([]);
  });

  it("finds nothing wrong with our own rules", () => {
    expect(lintRules([rulesOf("everyline.yaml")], options)).toEqual([]);
  });

  it("finds the faults of the document's four as they are written", () => {
    const problems = lintRules([rulesOf("as-written/document.yaml")], options);
    const of = (code: string) =>
      problems.filter((each) => each.code === code).map(({ rule, line }) => `${rule}:${line}`);
    expect(of("severity-outside-labels")).toEqual([
      "PromtailDown:9",
      "PromtailFileLag:14",
      "LokiDown:19",
      "KafkaLoggingTopicLag:24",
    ]);
    expect(of("unit-after-number")).toEqual(["PromtailFileLag:11"]);
    expect(of("for-beyond-retries")).toEqual(["PromtailDown:6", "LokiDown:16"]);
    expect(of("up-without-absent")).toEqual(["PromtailDown:6", "LokiDown:16"]);
  });

  it.each(["document.yaml", "loki-mixin.yaml", "promtail-mixin.yaml", "strimzi.yaml", "loki-operator.yaml"])(
    "finds in %s nothing but what is late or not noticed",
    (name) => {
      const late = new Set(["for-beyond-retries", "up-without-absent", "first-event-unseen"]);
      expect(lintRules([rulesOf(name)], options).filter(({ code }) => !late.has(code))).toEqual([]);
    },
  );
});
