import type { KnownMetrics } from "./known-metrics.ts";
import type { BinaryNode, Matching, PromqlNode } from "./promql-syntax.ts";

/** Labels that the series of an expression may have; undefined if that is not known. */
export type Labels = ReadonlySet<string> | undefined;

const scalarFunctions = new Set(["time", "scalar", "pi"]);
const keepingAggregations = new Set(["topk", "bottomk", "limitk", "limit_ratio"]);
const setOperators = new Set(["and", "or", "unless"]);

/** Whether an expression is a number and not series. */
export function isScalar(node: PromqlNode): boolean {
  switch (node.kind) {
    case "number":
    case "string":
      return true;
    case "unary":
      return isScalar(node.of);
    case "call":
      return scalarFunctions.has(node.name);
    case "binary":
      return isScalar(node.left) && isScalar(node.right);
    default:
      return false;
  }
}

/** The labels that the result of an expression may have, by the rules of Prometheus' engine. */
export function labelsOf(node: PromqlNode, known: KnownMetrics): Labels {
  if (isScalar(node)) return new Set();
  switch (node.kind) {
    case "selector":
      return node.metric === undefined ? undefined : known.byName.get(node.metric)?.labels;
    case "range":
    case "subquery":
    case "offset":
    case "at":
    case "unary":
      return labelsOf(node.of, known);
    case "call":
      return labelsOfCall(node, known);
    case "aggregate":
      return labelsOfAggregate(node, known);
    case "binary":
      return labelsOfBinary(node, known);
    default:
      return new Set();
  }
}

function labelsOfCall(node: PromqlNode & { kind: "call" }, known: KnownMetrics): Labels {
  const { name, args } = node;
  if (name === "vector") return new Set();
  if (name === "absent" || name === "absent_over_time") return new Set(equalLabels(args[0]));
  const series = args.find((each) => !isScalar(each));
  const labels = series === undefined ? new Set<string>() : labelsOf(series, known);
  if (labels === undefined) return undefined;
  if (name.startsWith("histogram_quantile")) return without(labels, ["le"]);
  const added = name === "label_replace" || name === "label_join" ? args[1] : undefined;
  return added?.kind === "string" ? new Set([...labels, added.value]) : labels;
}

/** absent() has the labels that its selector asks for by `=`. */
function equalLabels(node: PromqlNode | undefined): string[] {
  if (node?.kind === "range") return equalLabels(node.of);
  if (node?.kind !== "selector") return [];
  return node.matchers.filter(({ op }) => op === "=").map(({ label }) => label);
}

function labelsOfAggregate(node: PromqlNode & { kind: "aggregate" }, known: KnownMetrics): Labels {
  const { op, by, without: dropped, args } = node;
  const inner = labelsOf(args.at(-1)!, known);
  if (keepingAggregations.has(op)) return inner;
  const named = op === "count_values" && args[0]?.kind === "string" ? [args[0].value] : [];
  if (by !== undefined) return new Set([...by, ...named]);
  if (dropped === undefined) return new Set(named);
  return inner === undefined ? undefined : new Set([...without(inner, dropped), ...named]);
}

function labelsOfBinary({ op, matching, left, right }: BinaryNode, known: KnownMetrics): Labels {
  const [leftLabels, rightLabels] = [labelsOf(left, known), labelsOf(right, known)];
  if (op === "and" || op === "unless") return leftLabels;
  if (op === "or") return leftLabels && rightLabels && new Set([...leftLabels, ...rightLabels]);
  if (isScalar(left)) return rightLabels;
  if (isScalar(right) || matching === undefined) return leftLabels;
  const { group, include } = matching;
  if (group !== undefined) {
    const many = group === "left" ? leftLabels : rightLabels;
    return many && new Set([...many, ...include]);
  }
  return matching.on ? new Set(matching.labels) : leftLabels && without(leftLabels, matching.labels);
}

function without(labels: Iterable<string>, dropped: string[]): Set<string> {
  return new Set([...labels].filter((label) => !dropped.includes(label)));
}

/**
 * The labels by which an operator compares its two sides, as each side has them; undefined if that is not known, or if one side is a
 * number.
 */
export function matchedLabels(node: BinaryNode, known: KnownMetrics): [Set<string>, Set<string>] | undefined {
  const { matching, left, right } = node;
  if (isScalar(left) || isScalar(right) || node.op === "or") return undefined;
  const sides = [labelsOf(left, known), labelsOf(right, known)];
  const [leftLabels, rightLabels] = sides.map((each) => each && comparedBy(each, matching));
  return leftLabels && rightLabels && [leftLabels, rightLabels];
}

function comparedBy(labels: ReadonlySet<string>, matching: Matching | undefined): Set<string> {
  if (matching === undefined) return new Set(labels);
  if (!matching.on) return without(labels, matching.labels);
  return new Set(matching.labels.filter((label) => labels.has(label)));
}

export function isSetOperator(op: string): boolean {
  return setOperators.has(op);
}
