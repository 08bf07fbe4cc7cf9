import { type DurationText, nodesIn, type PromqlNode, selectorsIn } from "../promql-syntax.ts";
import { ruleDuration } from "../rule-duration.ts";
import { isForOneEvent } from "./check-counters.ts";
import { type CheckedRule, finding, type LintCheck, type LintContext } from "./lint-check.ts";

const samplesInRange = 4;
const rates = new Set(["rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets"]);
const eventFunctions = new Set(["increase", "changes", "resets"]);
/** Where lines wait for the shipper's retries alone; behind Kafka they wait for days. */
const jobsBeforeKafka = new Set(["promtail", "loki", "push-gateway"]);

/** An alert that waits for longer than the shipper repeats a batch fires when lines are dropped already. */
export const checkRetries: LintCheck = (checked, context) => {
  const { forMs = 0 } = checked.rule;
  const { retriesMs } = context;
  if (retriesMs === undefined || forMs < retriesMs || !isBeforeKafka(checked, context)) return [];
  return [finding("for-beyond-retries", ruleDuration(forMs), ruleDuration(Math.round(retriesMs)))];
};

function isBeforeKafka({ node }: CheckedRule, { known }: LintContext): boolean {
  return selectorsIn(node).some(({ metric, matchers }) => {
    const asked = matchers.find(({ label, op }) => label === "job" && op === "=")?.value;
    const job = asked ?? (metric === undefined ? undefined : known.byName.get(metric)?.job);
    return job !== undefined && jobsBeforeKafka.has(job);
  });
}

/** A condition is looked at once in an evaluation interval, so a shorter wait is as long as that. */
export const checkEvaluation: LintCheck = ({ rule, group }, { evaluationIntervalMs }) => {
  const intervalMs = group.intervalMs ?? evaluationIntervalMs;
  const { forMs = 0 } = rule;
  return forMs > 0 && forMs < intervalMs
    ? [finding("for-below-evaluation", ruleDuration(forMs), ruleDuration(intervalMs))]
    : [];
};

/** A range with fewer than four samples has too few when one scrape fails. */
export const checkSamples: LintCheck = ({ node }, { scrapeIntervalMs }) => {
  const enoughMs = samplesInRange * scrapeIntervalMs;
  return [...nodesIn(node)].flatMap((each) => {
    const [arg] = each.kind === "call" && rates.has(each.name) ? each.args : [];
    const range = arg?.kind === "range" ? arg.range : undefined;
    return isShorter(range, enoughMs)
      ? [finding("range-below-four-scrapes", ruleDuration(range!.ms!), ruleDuration(enoughMs))]
      : [];
  });
};

/** An event is seen for as long as the range is, so it never holds for longer than that. After `unless` it keeps an alert silent. */
export const checkEventRanges: LintCheck = ({ rule, node }) => {
  const { forMs = 0 } = rule;
  if (rule.kind !== "alert" || forMs === 0) return [];
  const silencing = new Set([...nodesIn(node)].flatMap(afterUnless));
  return [...nodesIn(node)].flatMap((each) => {
    if (each.kind !== "binary" || !isForOneEvent(each) || silencing.has(each)) return [];
    const call = each.left.kind === "aggregate" ? each.left.args.at(-1)! : each.left;
    const [arg] = call.kind === "call" && eventFunctions.has(call.name) ? call.args : [];
    const range = arg?.kind === "range" ? arg.range : undefined;
    return isShorter(range, forMs)
      ? [finding("range-below-for", ruleDuration(range!.ms!), ruleDuration(forMs))]
      : [];
  });
};

function afterUnless(node: PromqlNode): PromqlNode[] {
  return node.kind === "binary" && node.op === "unless" ? [...nodesIn(node.right)] : [];
}

function isShorter(range: DurationText | undefined, ms: number): boolean {
  return range?.ms !== undefined && range.ms < ms;
}
