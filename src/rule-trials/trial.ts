import type { AlertsDocument } from "../judge/alerts-document.ts";
import { type RuleText, setsToTry } from "./rules-to-try.ts";
import type { RunToTry } from "./run-to-try.ts";
import { type SelectorChecks, selectorsIn } from "./selector-checks.ts";
import type { TriedRules, TriedRun } from "./tried-rules.ts";

/** What rules would have done in one run, and what its samples say about their selectors. */
export interface Trial {
  run: TriedRun;
  check: SelectorChecks;
}

/** @param timeScale the factor by which periods were multiplied */
export function triedRunOf(
  { runId, plan: { scenario, pipeline, claim }, lostLines }: RunToTry,
  timeScale: number,
  alerts: AlertsDocument,
): TriedRun {
  return { runId, claim: claim.id, scenario, pipeline, lost: lostLines, timeScale, alerts };
}

/** Sums up what was found out in several runs. */
export function triedRulesOf(
  texts: readonly RuleText[],
  trials: readonly Trial[],
  found: Pick<TriedRules, "prometheus" | "problems" | "notRecorded">,
): TriedRules {
  const matched = new Set(trials.flatMap(({ check }) => [...check.matched]));
  return {
    schema: "everyline/alerts@1",
    files: texts.map(({ file }) => file),
    ...found,
    unmatched: selectorsIn(setsToTry(texts, 1)).filter(({ selector }) => !matched.has(selector)),
    bornLate: trials.flatMap(({ check }) => check.bornLate),
    runs: trials.map(({ run }) => run),
  };
}
