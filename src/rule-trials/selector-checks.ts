import { risingSelectorsOf, selectorsOf } from "../alerts/rule-selectors.ts";
import type { PrometheusApi } from "../products/prometheus/prometheus-api.ts";
import type { Span } from "./sample-gaps.ts";
import type { LateCounter, RuleName } from "./tried-rules.ts";
import type { TriedSet } from "./try-rules.ts";

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

/** In which run, and in which time, selectors are looked up. Unix milliseconds. */
export interface LookedUpIn extends Span {
  runId: string;
  /** A series whose first sample is later than this was born in the run. */
  bornAfterMs: number;
}

/** Looks up the selectors of rules in the samples of a run. */
export async function checkSelectors(
  api: PrometheusApi,
  sets: readonly TriedSet[],
  { runId, fromMs, toMs, bornAfterMs }: LookedUpIn,
  signal: AbortSignal,
): Promise<SelectorChecks> {
  const matched = new Set<string>();
  for (const selector of new Set(selectorsIn(sets).map((each) => each.selector)))
    if (await api.hasSeries(selector, signal, { fromMs, toMs })) matched.add(selector);
  const range = `[${Math.ceil((toMs - fromMs) / 1_000) + 1}s]`;
  const bornLate: LateCounter[] = [];
  for (const { set, rules } of sets)
    for (const { rule } of rules)
      for (const selector of risingSelectorsOf(rule.expr)) {
        if (!matched.has(selector)) continue;
        const births = (await api.samples(`${selector}${range}`, toMs, signal)).flatMap(
          ({ samples: [first] }) =>
            first !== undefined && first.value > 0 && first.atMs > bornAfterMs ? [first.value] : [],
        );
        const [value] = births;
        if (value !== undefined) bornLate.push({ set, alert: rule.name, selector, runId, value });
      }
  return { matched, bornLate };
}
