import { isScalar } from "../labels-of.ts";
import { type BinaryNode, nodesIn, type PromqlNode } from "../promql-syntax.ts";
import { comparisons } from "./check-shape.ts";
import { type Finding, finding, type LintCheck } from "./lint-check.ts";

/** What offsets and `@` apply to, below each other: a selector, or what has a range. */
function underModifiers(node: PromqlNode): PromqlNode {
  return node.kind === "offset" || node.kind === "at" ? underModifiers(node.of) : node;
}

/** `sum(up) offset 5m` parses by the grammar alone. Prometheus refuses it: only selectors, ranges and subqueries are read at another time. */
export const checkModifiers: LintCheck = ({ node }) =>
  [...nodesIn(node)].flatMap((each): Finding[] => {
    if (each.kind === "range")
      return each.of.kind === "selector" ? [] : [finding("modifier-outside-selector", "[…]")];
    if (each.kind !== "offset" && each.kind !== "at") return [];
    const { kind } = underModifiers(each);
    const isReadAtATime = kind === "selector" || kind === "range" || kind === "subquery";
    return isReadAtATime
      ? []
      : [finding("modifier-outside-selector", each.kind === "offset" ? "offset" : "@")];
  });

/** Two numbers have no series that a comparison could select. */
export const checkNumbers: LintCheck = ({ node }) =>
  [...nodesIn(node)]
    .filter(
      (each): each is BinaryNode =>
        each.kind === "binary" &&
        comparisons.has(each.op) &&
        !each.isBool &&
        isScalar(each.left) &&
        isScalar(each.right),
    )
    .map(({ op }) => finding("numbers-compared", op));
