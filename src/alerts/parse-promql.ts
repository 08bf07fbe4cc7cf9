import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { BinaryNode, DurationText, Matcher, Matching, PromqlNode } from "./promql-syntax.ts";
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

/** What stands after an operand and belongs to it. */
const suffixed = new Set([
  "MatrixSelector",
  "SubqueryExpr",
  "OffsetExpr",
  "StepInvariantExpr",
  "AnchoredExpr",
  "SmoothedExpr",
]);

type Operator = Omit<BinaryNode, "kind" | "left" | "right">;

/** One operand more than operators. */
interface Chain {
  operands: PromqlNode[];
  operators: Operator[];
}

const ranks: Record<string, number> = {
  or: 1,
  and: 2,
  unless: 2,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  atan2: 5,
  "^": 6,
};
const rankOfComparisons = 3;

/** Puts a chain together by the ranks of its operators: the last one of the lowest rank stands at the top, of powers the first. */
function combined(operands: PromqlNode[], operators: Operator[]): PromqlNode {
  if (operators.length === 0) return operands[0]!;
  const rankOf = ({ op }: Operator) => ranks[op] ?? rankOfComparisons;
  const lowest = Math.min(...operators.map(rankOf));
  const isLowest = (each: Operator) => rankOf(each) === lowest;
  const at = lowest === ranks["^"] ? operators.findIndex(isLowest) : operators.findLastIndex(isLowest);
  return {
    kind: "binary",
    ...operators[at]!,
    left: combined(operands.slice(0, at + 1), operators.slice(0, at)),
    right: combined(operands.slice(at + 1), operators.slice(at + 1)),
  };
}

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
    const { operands, operators } = this.#chain(node);
    return combined(operands, operators);
  }

  /**
   * The operands and operators of an expression in their order. The grammar lets `offset`, ranges and `@` apply to all that stands before
   * them, `(a - b) offset 5m` for `a - b offset 5m`, and a sign to all that follows. In Prometheus they apply to the nearest operand.
   */
  #chain(node: SyntaxNode): Chain {
    if (node.name === "BinaryExpr") return this.#binary(node);
    const isBefore = node.name === "UnaryExpr";
    const inner = isBefore || suffixed.has(node.name) ? expressionsIn(node)[0] : undefined;
    if (inner === undefined) return { operands: [this.#operand(node)], operators: [] };
    const { operands, operators } = this.#chain(inner);
    const at = isBefore ? 0 : operands.length - 1;
    return { operands: operands.with(at, this.#wrapped(node, operands[at]!)), operators };
  }

  #wrapped(node: SyntaxNode, of: PromqlNode): PromqlNode {
    const [duration, step] = this.#durations(node);
    switch (node.name) {
      case "MatrixSelector":
        return { kind: "range", of, range: duration! };
      case "SubqueryExpr":
        return { kind: "subquery", of, range: duration!, step };
      case "OffsetExpr":
        return { kind: "offset", of, by: duration! };
      case "StepInvariantExpr":
        return { kind: "at", of };
      case "UnaryExpr":
        return { kind: "unary", of };
      default:
        // `anchored` and `smoothed`, which change how a range is read.
        return of;
    }
  }

  #operand(node: SyntaxNode): PromqlNode {
    switch (node.name) {
      case "VectorSelector":
        return this.#selector(node);
      case "FunctionCall":
        return { kind: "call", name: this.#of(node.getChild("FunctionIdentifier")!), args: this.#args(node) };
      case "AggregateExpr":
        return this.#aggregate(node);
      case "NumberDurationLiteral":
        return { kind: "number", value: numberOf(this.#of(node)) };
      case "StringLiteral":
        return { kind: "string", value: unquoted(this.#of(node)) };
      default:
        return this.read(expressionsIn(node)[0]!);
    }
  }

  #of({ from, to }: { from: number; to: number }): string {
    return this.#text.slice(from, to);
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

  #binary(node: SyntaxNode): Chain {
    const children = childrenOf(node);
    const [left, right] = expressionsIn(node) as [SyntaxNode, SyntaxNode];
    const operator = children[children.findIndex(({ from }) => from === left.from) + 1]!;
    const [before, after] = [this.#chain(left), this.#chain(right)];
    const own: Operator = {
      op: this.#of(operator).toLowerCase(),
      isBool: node.getChild("BoolModifier") !== null,
      matching: this.#matching(node.getChild("MatchingModifierClause")),
    };
    return {
      operands: [...before.operands, ...after.operands],
      operators: [...before.operators, own, ...after.operators],
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
