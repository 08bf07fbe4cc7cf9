import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alert, brokenRules, forFor, ruleFileOf } from "../../test/support/broken-rules.ts";
import { documentedBackoff, retryHorizon } from "../products/retry-horizon.ts";
import { readKnownMetrics } from "./known-metrics.ts";
import { type LintOptions, lintRules } from "./lint-rules.ts";
import { readRuleFile } from "./read-rule-file.ts";
import { misleadingKinds, refusedKinds } from "./rule-problem.ts";

const monitoring = join(import.meta.dirname, "../../fixtures/monitoring");
const rulesOf = (name: string) => readRuleFile(readFileSync(join(monitoring, "rules", name), "utf8"), name);

const options: LintOptions = {
  known: readKnownMetrics(readFileSync(join(monitoring, "metrics.yaml"), "utf8")),
  retriesMs: retryHorizon(documentedBackoff)!.earliestMs,
  scrapeIntervalMs: 5_000,
  evaluationIntervalMs: 5_000,
};

/** What is wrong with a file that has one rule. */
function lint(rule: string) {
  return lintRules([readRuleFile(ruleFileOf(rule), "rules.yaml")], options);
}

describe("the lint of rules", () => {
  it.each(brokenRules)("names %s, and nothing else: %s", (code, rule, found) => {
    const problems = lint(rule);
    expect(problems.map((each) => each.code)).toEqual([code]);
    if (found !== undefined) expect(problems[0]!.found).toBe(found);
    expect(problems[0]!.line).toBe(4);
  });

  it("names more than 40 kinds, each of which is tested here", () => {
    const kinds = [...refusedKinds, ...misleadingKinds];
    const ofFiles = ["yaml", "not-a-list", "group-without-name", "group-repeated", "alert-repeated"];
    expect(new Set([...brokenRules.map(([code]) => code), ...ofFiles])).toEqual(new Set(kinds));
    expect(kinds.length).toBeGreaterThan(40);
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

  it.each([
    ["numbers in a template", "{{ if gt $value 1e9 }}a{{ end }}{{ 0x1F }}{{ 1_000 }}{{ 'a' }}"],
    ["a comment in a template", "{{/* c */}}{{- /* c */ -}}"],
    [
      "else, break and continue in their blocks",
      '{{ range query "up" }}{{ if .Value }}{{ break }}{{ else }}{{ continue }}{{ end }}{{ end }}',
    ],
    [
      "labels of what a template asks for",
      '{{ range query "up" }}{{ .Labels.path }}{{ end }}{{ .Labels.job }}',
    ],
  ])("finds nothing wrong with %s", (_, summary) => {
    const text = `labels: { severity: page }, annotations: { description: d, summary: ${JSON.stringify(summary)} }`;
    expect(lint(alert("up > 0", text))).toEqual([]);
  });

  it("knows labels after a block of a template as those of the alert", () => {
    const text = `labels: { severity: page }, annotations: { description: d, summary: '{{ with 1 }}a{{ end }}{{ .Labels.path }}' }`;
    expect(lint(alert("up > 0", text)).map(({ code, found }) => [code, found])).toEqual([
      ["label-never-there", "path"],
    ]);
  });

  it("finds nothing in an alert that waits for longer than the event lasts that would keep it silent", () => {
    const expr = "promtail_files_active_total == 0 unless changes(promtail_targets_active_total[1m]) > 0";
    expect(lint(alert(expr, forFor("2m")))).toEqual([]);
  });

  it("takes what Prometheus takes: nulls, empty lists, aliases, an empty file, a recording rule that waits for 0s", () => {
    const of = (text: string) => lintRules([readRuleFile(text, "f")], options).map(({ code }) => code);
    for (const text of ["", "# nothing yet", "groups:", "groups:\n  - { name: a, rules: }"])
      expect(of(text), text).toEqual([]);
    expect(of("groups: [{ name: a, limit: -1, rules: [] }]")).toEqual([]);
    expect(lint("{ record: a:up:sum, expr: sum(up), for: 0s, annotations: {} }")).toEqual([]);
    expect(
      lint(alert("up > 0", `for: null, keep_firing_for: , ${forFor("1m").replace("for: 1m, ", "")}`)),
    ).toEqual([]);
    expect(
      lint("{ alert: A, expr: up > 0, labels: null, annotations: { summary: s, description: d } }").map(
        ({ code }) => code,
      ),
    ).toEqual(["no-severity"]);
    expect(
      lint(
        "{ alert: A, expr: null, labels: { severity: page }, annotations: { summary: s, description: d } }",
      ).map(({ code }) => code),
    ).toEqual(["no-expression"]);
    const texts = "&texts { summary: s, description: d }";
    const first = `{ alert: A, expr: up > 0, for: &wait 1m, labels: { severity: &page page }, annotations: ${texts} }`;
    const second = "{ alert: B, expr: up > 0, for: *wait, labels: { severity: *page }, annotations: *texts }";
    const { groups, problems } = readRuleFile(ruleFileOf(`${first}\n      - ${second}`), "f");
    expect(problems).toEqual([]);
    expect(groups[0]!.rules[1]).toMatchObject({
      forMs: 60_000,
      labels: { severity: "page" },
      annotations: { summary: "s", description: "d" },
    });
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
