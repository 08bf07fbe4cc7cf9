import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { DurationText, Matcher, Matching, PromqlNode } from "./promql-syntax.ts";
import { ruleDurationMs } from "./rule-duration.ts";

/** An expression, or the place of the first character that does not fit. */
export type ParsedPromql = { node: PromqlNode; error?: never } | { node?: never; error: { at: number } };

/** Parses an expression with the grammar of Prometheus' own web interface. Types (vector, scalar, …) are not checked. */
export function parsePromql(text: string): ParsedPromql {
  const tree = parser.parse(text);
  let wrongAt: number | undefined;
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) wrongAt ??= from;
    },
  });
  if (wrongAt !== undefined) return { error: { at: wrongAt } };
  const top = expressionsIn(tree.topNode)[0];
  return top === undefined ? { error: { at: 0 } } : { node: new Reader(text).read(top) };
}

const expressionKinds = new Set([
  "AggregateExpr",
  "BinaryExpr",
  "FunctionCall",
  "MatrixSelector",
  "NumberDurationLiteral",
  "OffsetExpr",
  "AnchoredExpr",
  "SmoothedExpr",
  "ParenExpr",
  "StringLiteral",
  "SubqueryExpr",
  "UnaryExpr",
  "VectorSelector",
  "StepInvariantExpr",
]);

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

function expressionsIn(node: SyntaxNode): SyntaxNode[] {
  return childrenOf(node).filter(({ name }) => expressionKinds.has(name));
}

/** Turns the grammar's tree over a text into nodes. The tree has no errors. */
class Reader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(node: SyntaxNode): PromqlNode {
    switch (node.name) {
      case "VectorSelector":
        return this.#selector(node);
      case "BinaryExpr":
        return this.#binary(node);
      case "FunctionCall":
        return { kind: "call", name: this.#of(node.getChild("FunctionIdentifier")!), args: this.#args(node) };
      case "AggregateExpr":
        return this.#aggregate(node);
      case "MatrixSelector":
        return { kind: "range", of: this.#inner(node), range: this.#durations(node)[0]! };
      case "SubqueryExpr": {
        const [range, step] = this.#durations(node);
        return { kind: "subquery", of: this.#inner(node), range: range!, step };
      }
      case "OffsetExpr":
        return { kind: "offset", of: this.#inner(node), by: this.#durations(node)[0]! };
      case "StepInvariantExpr":
        return { kind: "at", of: this.#inner(node) };
      case "UnaryExpr":
        return { kind: "unary", of: this.#inner(node) };
      case "NumberDurationLiteral":
        return { kind: "number", value: numberOf(this.#of(node)) };
      case "StringLiteral":
        return { kind: "string", value: unquoted(this.#of(node)) };
      default:
        // Parentheses, and `anchored` and `smoothed` after an expression.
        return this.#inner(node);
    }
  }

  #of({ from, to }: { from: number; to: number }): string {
    return this.#text.slice(from, to);
  }

  #inner(node: SyntaxNode): PromqlNode {
    return this.read(expressionsIn(node)[0]!);
  }

  #args(node: SyntaxNode): PromqlNode[] {
    return expressionsIn(node.getChild("FunctionCallBody")!).map((each) => this.read(each));
  }

  #durations(node: SyntaxNode): DurationText[] {
    return childrenOf(node)
      .filter(
        ({ name }) => name === "DurationExpr" || name === "OffsetDurationExpr" || name === durationLiteral,
      )
      .map(({ from, to }) => ({ from, to, ms: signedDurationMs(this.#of({ from, to })) }));
  }

  #selector(node: SyntaxNode): PromqlNode {
    const name = node.getChild("Identifier");
    const matchers = node.getChild("LabelMatchers");
    const quoted = matchers?.getChild("QuotedLabelName") ?? null;
    const read = (matchers === null ? [] : childrenOf(matchers))
      .filter((each) => each.name.endsWith("LabelMatcher"))
      .map((each) => this.#matcher(each));
    const named = read.find(({ label, op }) => label === "__name__" && op === "=");
    const metric =
      name !== null ? this.#of(name) : quoted !== null ? unquoted(this.#of(quoted)) : named?.value;
    return { kind: "selector", metric, matchers: read.filter((each) => each !== named) };
  }

  #matcher(node: SyntaxNode): Matcher {
    const label = node.getChild("LabelName") ?? node.getChild("QuotedLabelName")!;
    const value = node.getChildren("StringLiteral").at(-1)!;
    return {
      label: unquoted(this.#of(label)),
      op: this.#of(node.getChild("MatchOp")!) as Matcher["op"],
      value: unquoted(this.#of(value)),
    };
  }

  #binary(node: SyntaxNode): PromqlNode {
    const children = childrenOf(node);
    const [left, right] = expressionsIn(node) as [SyntaxNode, SyntaxNode];
    const operator = children[children.findIndex(({ from }) => from === left.from) + 1]!;
    return {
      kind: "binary",
      op: this.#of(operator).toLowerCase(),
      isBool: node.getChild("BoolModifier") !== null,
      matching: this.#matching(node.getChild("MatchingModifierClause")),
      left: this.read(left),
      right: this.read(right),
    };
  }

  #matching(clause: SyntaxNode | null): Matching | undefined {
    if (clause === null) return undefined;
    const [labels, include] = clause.getChildren("GroupingLabels");
    const isLeft = clause.getChild("GroupLeft") !== null;
    const isRight = clause.getChild("GroupRight") !== null;
    return {
      on: clause.getChild("On") !== null,
      labels: this.#labels(labels!),
      group: isLeft ? "left" : isRight ? "right" : undefined,
      include: include === undefined ? [] : this.#labels(include),
    };
  }

  #labels(grouping: SyntaxNode): string[] {
    return childrenOf(grouping)
      .filter(({ name }) => name === "LabelName" || name === "QuotedLabelName")
      .map((each) => unquoted(this.#of(each)));
  }

  #aggregate(node: SyntaxNode): PromqlNode {
    const modifier = node.getChild("AggregateModifier");
    const labels = modifier === null ? undefined : this.#labels(modifier.getChild("GroupingLabels")!);
    const isBy = modifier !== null && modifier.getChild("By") !== null;
    return {
      kind: "aggregate",
      op: this.#of(node.getChild("AggregateOp")!).toLowerCase(),
      by: isBy ? labels : undefined,
      without: isBy ? undefined : labels,
      args: this.#args(node),
    };
  }
}

const durationLiteral = "NumberDurationLiteralInDurationContext";

/** Milliseconds of `5m`, `-5m` or `300` (seconds); undefined of an arithmetic expression. */
function signedDurationMs(text: string): number | undefined {
  const [, sign, rest] = /^([+-]?)\s*(.*)$/s.exec(text)!;
  const ms = /^[\d.]+$/.test(rest!) ? Number(rest) * 1_000 : ruleDurationMs(rest!);
  return ms === undefined ? undefined : sign === "-" ? -ms : ms;
}

function numberOf(text: string): number {
  const [, sign, rest] = /^([+-]?)\s*(.*)$/s.exec(text.replaceAll("_", ""))!;
  const isInfinite = /^inf$/i.test(rest!);
  const durationMs = ruleDurationMs(rest!);
  const value = isInfinite
    ? Number.POSITIVE_INFINITY
    : durationMs === undefined || rest === "0"
      ? Number(rest)
      : durationMs / 1_000;
  return sign === "-" ? -value : value;
}

function unquoted(text: string): string {
  if (!/^["'`]/.test(text)) return text;
  const inner = text.slice(1, -1);
  return text.startsWith("`") ? inner : inner.replace(/\\(.)/g, (_, character: string) => character);
}
