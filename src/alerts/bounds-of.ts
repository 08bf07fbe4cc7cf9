import type { KnownMetrics } from "./known-metrics.ts";
import type { PromqlNode } from "./promql-syntax.ts";

/** The least and the greatest value that an expression can have. */
type Bounds = readonly [number, number];

const anything: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const notNegative: Bounds = [0, Number.POSITIVE_INFINITY];
const one: Bounds = [1, 1];

const oneFunctions = new Set(["absent", "absent_over_time", "present_over_time"]);
const countingFunctions = new Set([
  "rate",
  "irate",
  "increase",
  "changes",
  "resets",
  "count_over_time",
  "time",
]);
const keepingFunctions = new Set([
  "max_over_time",
  "min_over_time",
  "avg_over_time",
  "last_over_time",
  "sort",
]);
const keepingAggregations = new Set(["min", "max", "avg", "topk", "bottomk", "quantile"]);

/** Which values an expression can have, as far as that follows from its functions and from the metrics that are known. */
export function boundsOf(node: PromqlNode, known: KnownMetrics): Bounds {
  switch (node.kind) {
    case "number":
      return [node.value, node.value];
    case "selector":
      if (node.metric === "up") return [0, 1];
      return node.metric !== undefined && known.byName.has(node.metric) ? notNegative : anything;
    case "range":
    case "subquery":
    case "offset":
    case "at":
      return boundsOf(node.of, known);
    case "call":
      if (oneFunctions.has(node.name)) return one;
      if (countingFunctions.has(node.name)) return notNegative;
      return keepingFunctions.has(node.name) ? boundsOf(node.args[0]!, known) : anything;
    case "aggregate":
      return boundsOfAggregate(node, known);
    case "binary":
      return ["and", "unless"].includes(node.op) ? boundsOf(node.left, known) : anything;
    default:
      return anything;
  }
}

function boundsOfAggregate({ op, args }: PromqlNode & { kind: "aggregate" }, known: KnownMetrics): Bounds {
  const inner = boundsOf(args.at(-1)!, known);
  if (keepingAggregations.has(op)) return inner;
  // Of no series there is no count, and not one of 0.
  if (op === "count" || op === "group") return [1, op === "group" ? 1 : Number.POSITIVE_INFINITY];
  return op === "sum" && inner[0] >= 0 ? [inner[0], Number.POSITIVE_INFINITY] : anything;
}

/** Whether values within these bounds can pass a comparison with a number. */
export function canPass([least, most]: Bounds, op: string, limit: number): boolean {
  switch (op) {
    case ">":
      return most > limit;
    case ">=":
      return most >= limit;
    case "<":
      return least < limit;
    case "<=":
      return least <= limit;
    case "==":
      return least <= limit && limit <= most;
    default:
      return least !== limit || most !== limit;
  }
}
