import { boundsOf, canPass } from "../bounds-of.ts";
import type { KnownMetrics } from "../known-metrics.ts";
import { type BinaryNode, nodesIn, type PromqlNode, selectorsIn } from "../promql-syntax.ts";
import { comparisons } from "./check-shape.ts";
import { finding, type LintCheck } from "./lint-check.ts";

const forCounters = new Set(["rate", "irate", "increase", "resets"]);
const forGauges = new Set(["delta", "idelta", "deriv", "predict_linear"]);
const increases = new Set(["rate", "irate", "increase"]);

/** The selector that a node is, under what leaves its values as they are. */
function bareSelector(node: PromqlNode): (PromqlNode & { kind: "selector" }) | undefined {
  if (node.kind === "selector") return node;
  if (node.kind === "offset" || node.kind === "at" || node.kind === "range") return bareSelector(node.of);
  if (node.kind === "aggregate" && ["sum", "max", "min", "avg"].includes(node.op))
    return bareSelector(node.args.at(-1)!);
  return undefined;
}

function metricOf(node: PromqlNode, known: KnownMetrics) {
  const name = bareSelector(node)?.metric;
  const metric = name === undefined ? undefined : known.byName.get(name);
  return metric && { name: name!, ...metric };
}

/** A counter is some number that has grown since the start, so whether it is above a number says nothing. */
export const checkComparedCounters: LintCheck = ({ rule, node }, { known }) => {
  if (rule.kind !== "alert") return [];
  return [...nodesIn(node)].flatMap((each) => {
    if (each.kind !== "binary" || !comparisons.has(each.op)) return [];
    const metric = metricOf(each.left, known) ?? metricOf(each.right, known);
    const isCounter = metric?.type === "counter" && metric.born !== "restart";
    const isNumber = each.left.kind === "number" || each.right.kind === "number";
    return isCounter && isNumber
      ? [finding("counter-compared", metric.name, `increase(${metric.name}[5m])`)]
      : [];
  });
};

/** rate() takes every fall for a restart, and delta() takes a restart for a fall. */
export const checkFunctionsOfTypes: LintCheck = ({ node }, { known }) =>
  [...nodesIn(node)].flatMap((each) => {
    if (each.kind !== "call") return [];
    const [arg] = each.args;
    if (arg?.kind === "subquery" && increases.has(each.name) && arg.of.kind === "aggregate")
      return [
        finding("rate-over-aggregate", `${each.name}(${arg.of.op}(…))`, `${arg.of.op}(${each.name}(…))`),
      ];
    const metric = arg && metricOf(arg, known);
    if (metric?.type === "gauge" && forCounters.has(each.name))
      return [finding("rate-over-gauge", metric.name, "delta")];
    if (metric?.type === "counter" && forGauges.has(each.name))
      return [finding("delta-over-counter", metric.name, "increase")];
    return [];
  });

/** A series that is born with its first event has not increased by it. */
export const checkBirths: LintCheck = ({ rule, node }, { known }) => {
  if (rule.kind !== "alert") return [];
  const seenAtBirth = new Set(
    [...nodesIn(node)]
      .flatMap((each) =>
        each.kind === "binary" && each.op === "unless" && isEarlierSelf(each) ? selectorsIn(each.left) : [],
      )
      .map(({ metric }) => metric),
  );
  return [...nodesIn(node)].flatMap((each) => {
    if (each.kind !== "binary" || !isForOneEvent(each)) return [];
    return increasesIn(each.left).flatMap((metricName) => {
      const born = known.byName.get(metricName)?.born;
      if (born === "restart") return [finding("never-increases", metricName)];
      return born === "event" && !seenAtBirth.has(metricName)
        ? [finding("first-event-unseen", metricName)]
        : [];
    });
  });
};

/** A comparison that a single event is to make true: `> 0`, `>= 1` or `!= 0`. */
export function isForOneEvent({ op, right }: BinaryNode): boolean {
  if (right.kind !== "number") return false;
  return op === ">=" ? right.value > 0 && right.value <= 1 : (op === ">" || op === "!=") && right.value === 0;
}

/** `x unless x offset 5m` */
function isEarlierSelf({ left, right }: BinaryNode): boolean {
  const [now] = selectorsIn(left);
  const offset = [...nodesIn(right)].find((each) => each.kind === "offset");
  return (
    offset !== undefined &&
    now !== undefined &&
    selectorsIn(offset).some(({ metric }) => metric === now.metric)
  );
}

/** Metrics whose increase alone decides the value, and not its share of another. */
function increasesIn(node: PromqlNode): string[] {
  if (node.kind === "aggregate") return increasesIn(node.args.at(-1)!);
  if (node.kind !== "call" || !increases.has(node.name)) return [];
  const metric = node.args[0] && bareSelector(node.args[0])?.metric;
  return metric === undefined ? [] : [metric];
}

/** A threshold that no value can pass. */
export const checkThresholds: LintCheck = ({ rule, node }, { known }) => {
  if (rule.kind !== "alert") return [];
  return [...nodesIn(node)].flatMap((each) => {
    if (each.kind !== "binary" || !comparisons.has(each.op) || each.right.kind !== "number") return [];
    const limit = each.right.value;
    return canPass(boundsOf(each.left, known), each.op, limit)
      ? []
      : [finding("never-reached", `${each.op} ${limit}`)];
  });
};
