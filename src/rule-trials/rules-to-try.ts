import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parsePromql } from "../alerts/parse-promql.ts";
import { readRuleFile } from "../alerts/read-rule-file.ts";
import type { RuleProblem } from "../alerts/rule-file.ts";
import { scaleRules } from "../alerts/scale-rules.ts";
import { messageOf, UsageError } from "../base/errors.ts";
import type { TriedSet } from "./try-rules.ts";

/** How often rules are evaluated where neither the file nor a shorter time scale says otherwise. */
const evaluationMs = 5_000;
const shortestEvaluationMs = 500;

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
    const set = basename(file).replace(/\.ya?ml$/, "");
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

/** What Prometheus would refuse in rule files: their form, and expressions that do not parse. */
export function problemsOf(texts: readonly RuleText[]): RuleProblem[] {
  return texts.flatMap(({ file, text }) => {
    const { groups, problems } = readRuleFile(text, file);
    const unparsed = groups.flatMap(({ rules }) =>
      rules.flatMap(({ name, expr, exprLine }): RuleProblem[] => {
        const { error } = parsePromql(expr);
        if (error === undefined || expr === "") return [];
        const found = expr.slice(error.at).split("\n")[0]!.slice(0, 40);
        return [{ code: "unparsed", file, line: exprLine, rule: name || null, found, expected: "" }];
      }),
    );
    return [...problems, ...unparsed];
  });
}

/** The names of the recording rules in rule files. */
export function recordedIn(texts: readonly RuleText[]): string[] {
  return texts.flatMap(({ file, text }) =>
    readRuleFile(text, file).groups.flatMap(({ rules }) =>
      rules.filter(({ kind }) => kind === "record").map(({ name }) => name),
    ),
  );
}

/** The alerts of rule files, with their periods multiplied by a factor. */
export function setsToTry(texts: readonly RuleText[], timeScale: number): TriedSet[] {
  const defaultMs = Math.max(shortestEvaluationMs, evaluationMs * timeScale);
  return texts.map(({ file, set, text }) => ({
    set,
    rules: readRuleFile(scaleRules(text, timeScale), file).groups.flatMap(({ intervalMs, labels, rules }) =>
      rules
        .filter(({ kind }) => kind === "alert")
        .map((rule) => ({
          rule: { ...rule, labels: { ...labels, ...rule.labels } },
          intervalMs: Math.max(shortestEvaluationMs, intervalMs ?? defaultMs),
        })),
    ),
  }));
}
