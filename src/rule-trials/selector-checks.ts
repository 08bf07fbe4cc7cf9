import { risingSelectorsOf, selectorsOf } from "../alerts/rule-selectors.ts";
import type { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import type { LateCounter, RuleName } from "./tried-rules.ts";
import type { TriedSet } from "./try-rules.ts";

/** A series that is there from the beginning has its first sample within this time. */
const beginningMs = 5_000;

/** Every selector of some rules that one run's samples have, and counters that were born above 0 in it. */
export interface SelectorChecks {
  matched: Set<string>;
  bornLate: LateCounter[];
}

/** The selectors of rule sets, each with the rule that it is in. */
export function selectorsIn(sets: readonly TriedSet[]): (RuleName & { selector: string })[] {
  return sets.flatMap(({ set, rules }) =>
    rules.flatMap(({ rule }) =>
      selectorsOf(rule.expr).map((selector) => ({ set, alert: rule.name, selector })),
    ),
  );
}

/**
 * Looks up the selectors of rules in the samples of a run.
 *
 * @param toMs the end of the samples, in Unix milliseconds
 */
export async function checkSelectors(
  api: PrometheusApi,
  sets: readonly TriedSet[],
  { runId, toMs }: { runId: string; toMs: number },
  signal: AbortSignal,
): Promise<SelectorChecks> {
  const matched = new Set<string>();
  for (const selector of new Set(selectorsIn(sets).map((each) => each.selector)))
    if (await api.hasSeries(selector, signal)) matched.add(selector);
  const up = await api.samples("up[10y]", toMs, signal);
  const startMs = Math.min(...up.flatMap(({ samples }) => samples[0]?.atMs ?? []));
  const bornLate: LateCounter[] = [];
  for (const { set, rules } of sets)
    for (const { rule } of rules)
      for (const selector of risingSelectorsOf(rule.expr)) {
        if (!matched.has(selector)) continue;
        const births = (await api.samples(`${selector}[10y]`, toMs, signal)).flatMap(
          ({ samples: [first] }) =>
            first !== undefined && first.value > 0 && first.atMs > startMs + beginningMs ? [first.value] : [],
        );
        const [value] = births;
        if (value !== undefined) bornLate.push({ set, alert: rule.name, selector, runId, value });
      }
  return { matched, bornLate };
}
