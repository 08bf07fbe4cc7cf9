import { parsePromql } from "./parse-promql.ts";
import { nodesIn, type SelectorNode, selectorsIn } from "./promql-syntax.ts";

/** Functions that see how much a counter rises, and not that it is born. */
const functionsOfRise = new Set(["increase", "rate", "irate", "delta", "idelta"]);

/** A selector as text, as in `up{job="a"}`. */
function selectorText({ metric = "", matchers }: SelectorNode): string {
  const isPlain = /^[A-Za-z_:][\w:]*$/.test(metric);
  const inBraces = [
    ...(metric === "" || isPlain ? [] : [JSON.stringify(metric)]),
    ...matchers.map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`),
  ];
  const name = isPlain ? metric : "";
  return inBraces.length === 0 ? name : `${name}{${inBraces.join(",")}}`;
}

/** The selectors in an expression, each once; none if it does not parse. */
export function selectorsOf(expression: string): string[] {
  const { node } = parsePromql(expression);
  return node === undefined ? [] : [...new Set(selectorsIn(node).map(selectorText))];
}

/**
 * The selectors in an expression of which nothing but the rise is looked at, each once. Where the series is looked at itself as well, its birth
 * may be seen by that.
 */
export function risingSelectorsOf(expression: string): string[] {
  const { node } = parsePromql(expression);
  if (node === undefined) return [];
  const rising = [...nodesIn(node)].flatMap((each) =>
    each.kind === "call" && functionsOfRise.has(each.name) ? each.args.flatMap(selectorsIn) : [],
  );
  const others = selectorsIn(node)
    .filter((selector) => !rising.includes(selector))
    .map(selectorText);
  return [...new Set(rising.map(selectorText))].filter((text) => !others.includes(text));
}
