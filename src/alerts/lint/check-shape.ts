import { isScalar, isSetOperator } from "../labels-of.ts";
import { type BinaryNode, nodesIn, type PromqlNode } from "../promql-syntax.ts";
import { finding, type LintCheck } from "./lint-check.ts";

export const comparisons = new Set(["==", "!=", ">", "<", ">=", "<="]);

/** Functions that look at samples over a range. */
const rangeFunctions =
  /(?:_over_time|^(?:rate|irate|increase|delta|idelta|deriv|integral|changes|resets|predict_linear|double_exponential_smoothing))$/;

function comparisonsIn(node: PromqlNode): BinaryNode[] {
  return [...nodesIn(node)].filter(
    (each) => each.kind === "binary" && comparisons.has(each.op),
  ) as BinaryNode[];
}

/** An alert that has no condition fires for every series. */
export const checkCondition: LintCheck = ({ rule, node }) => {
  if (rule.kind !== "alert") return [];
  const nodes = [...nodesIn(node)];
  const isFiltered = nodes.some(
    (each) =>
      (each.kind === "binary" && (comparisons.has(each.op) || ["and", "unless"].includes(each.op))) ||
      (each.kind === "call" && each.name.startsWith("absent")),
  );
  if (!isFiltered) return [finding("no-comparison")];
  // With `bool` a comparison is a number for each series, and an alert fires for any number.
  const top = comparisonsIn(node).find((each) => each === node);
  return top?.isBool ? [finding("bool-always-fires", `${top.op} bool`, top.op)] : [];
};

/** Ranges belong into functions that take them, and nowhere else. */
export const checkRanges: LintCheck = ({ node }) => {
  const isRange = (each: PromqlNode): boolean =>
    each.kind === "range" ||
    each.kind === "subquery" ||
    ((each.kind === "offset" || each.kind === "at") && isRange(each.of));
  const found: string[] = isRange(node) ? ["the whole expression"] : [];
  const missing: string[] = [];
  for (const each of nodesIn(node)) {
    if (each.kind === "binary")
      for (const side of [each.left, each.right]) if (isRange(side)) found.push(each.op);
    if (each.kind === "aggregate" && each.args.some(isRange)) found.push(each.op);
    if (each.kind !== "call" || rangeFunctions.test(each.name) === each.args.some(isRange)) continue;
    if (rangeFunctions.test(each.name)) missing.push(each.name);
    else found.push(`${each.name}()`);
  }
  return [
    ...found.map((where) => finding("range-outside-function", where)),
    ...missing.map((name) => finding("function-without-range", name)),
  ];
};

/** The end of offsets lies in the future if they are negative. */
export const checkOffsets: LintCheck = ({ node }) =>
  [...nodesIn(node)]
    .filter((each) => each.kind === "offset" && (each.by.ms ?? 0) < 0)
    .map(() => finding("offset-into-future"));

/** absent() says only that nothing matches: with a regular expression, one of several may be missing without it. */
export const checkAbsent: LintCheck = ({ node }) =>
  [...nodesIn(node)].flatMap((each) => {
    const [arg] = each.kind === "call" && each.name.startsWith("absent") ? each.args : [];
    const selector = arg?.kind === "range" ? arg.of : arg;
    if (selector?.kind !== "selector") return [];
    const loose = selector.matchers.find(({ op }) => op !== "=");
    return loose === undefined
      ? []
      : [finding("absent-with-regex", `${loose.label}${loose.op}"${loose.value}"`)];
  });

/** histogram_quantile() needs the label `le` of the buckets. */
export const checkQuantiles: LintCheck = ({ node }) =>
  [...nodesIn(node)].flatMap((each) => {
    const buckets = each.kind === "call" && each.name === "histogram_quantile" ? each.args[1] : undefined;
    const drops =
      buckets?.kind === "aggregate" &&
      (buckets.by === undefined ? (buckets.without?.includes("le") ?? true) : !buckets.by.includes("le"));
    return drops ? [finding("quantile-without-le")] : [];
  });

/** `a > 1 and b` is meant for series; an operator of sets cannot have a number on a side. */
export const checkSets: LintCheck = ({ node }) =>
  [...nodesIn(node)]
    .filter(
      (each) =>
        each.kind === "binary" && isSetOperator(each.op) && (isScalar(each.left) || isScalar(each.right)),
    )
    .map((each) => finding("number-in-set", (each as BinaryNode).op));
