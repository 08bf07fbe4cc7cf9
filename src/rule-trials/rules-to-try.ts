import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readKnownMetrics } from "../alerts/known-metrics.ts";
import { lintRules } from "../alerts/lint-rules.ts";
import { readRuleFile } from "../alerts/read-rule-file.ts";
import type { RuleProblem } from "../alerts/rule-problem.ts";
import { ruleSetOf } from "../alerts/rule-set.ts";
import { scaleRules } from "../alerts/scale-rules.ts";
import { scaledIntervalMs, shortestIntervalMs } from "../alerts/scaled-config.ts";
import { messageOf, UsageError } from "../base/errors.ts";
import { installedFolder } from "../base/installation.ts";
import { documentedBackoff, retryHorizon } from "../products/retry-horizon.ts";
import type { PrometheusIntervals } from "./own-prometheus.ts";
import type { TriedSet } from "./try-rules.ts";

const metricsFile = join(installedFolder, "fixtures/monitoring/metrics.yaml");
const toldBySamples: ReadonlySet<string> = new Set(["unknown-metric", "unknown-job", "unknown-label"]);

/** A rule file as it is written. */
export interface RuleText {
  /** The path. */
  file: string;
  /** The name of the file without its ending. */
  set: string;
  text: string;
}

/**
 * Reads rule files.
 *
 * @throws UsageError if one cannot be read, or two have the same name
 */
export async function readRuleTexts(files: readonly string[]): Promise<RuleText[]> {
  const texts: RuleText[] = [];
  for (const file of files) {
    const set = ruleSetOf(file);
    const same = texts.find((each) => each.set === set);
    if (same !== undefined)
      throw new UsageError(
        `${same.file} and ${file} have the same name, by which their alerts are told apart; rename one.`,
      );
    try {
      texts.push({ file, set, text: await readFile(file, "utf8") });
    } catch (thrown) {
      throw new UsageError(`the rule file ${file} cannot be read: ${messageOf(thrown)}.`);
    }
  }
  return texts;
}

/** How often the fixtures' Prometheus reads metrics and evaluates rules. */
const fixtureIntervals: PrometheusIntervals = {
  scrapeMs: scaledIntervalMs(1),
  evaluationMs: scaledIntervalMs(1),
};

/**
 * What the lint finds in rule files, before they are tried. What series there are, the samples of runs tell better.
 *
 * @param intervals those of the Prometheus that is to load them
 */
export async function problemsOf(
  texts: readonly RuleText[],
  { scrapeMs, evaluationMs }: PrometheusIntervals = fixtureIntervals,
): Promise<RuleProblem[]> {
  const known = readKnownMetrics(await readFile(metricsFile, "utf8"));
  const files = texts.map(({ file, text }) => readRuleFile(text, file));
  const { earliestMs } = retryHorizon(documentedBackoff)!;
  const intervals = { scrapeIntervalMs: scrapeMs, evaluationIntervalMs: evaluationMs };
  const found = lintRules(files, { known, retriesMs: earliestMs, ...intervals });
  return found.filter(({ code }) => !toldBySamples.has(code));
}

/** The names of the recording rules in rule files. */
export function recordedIn(texts: readonly RuleText[]): string[] {
  return texts.flatMap(({ file, text }) =>
    readRuleFile(text, file).groups.flatMap(({ rules }) =>
      rules.filter(({ kind }) => kind === "record").map(({ name }) => name),
    ),
  );
}

/**
 * The alerts of rule files, with their periods multiplied by a factor.
 *
 * @param defaultMs how often a group without an `interval` is evaluated
 */
export function setsToTry(
  texts: readonly RuleText[],
  timeScale: number,
  defaultMs = scaledIntervalMs(timeScale),
): TriedSet[] {
  return texts.map(({ file, set, text }) => ({
    set,
    rules: readRuleFile(scaleRules(text, timeScale), file).groups.flatMap(({ intervalMs, labels, rules }) =>
      rules
        .filter(({ kind }) => kind === "alert")
        .map((rule) => ({
          rule: { ...rule, labels: { ...labels, ...rule.labels } },
          intervalMs: Math.max(shortestIntervalMs, intervalMs ?? defaultMs),
        })),
    ),
  }));
}
