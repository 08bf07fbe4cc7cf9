/** A duration in an expression: where it stands there, and how long it is; undefined if it is calculated (`[5m * 2]`). */
export interface DurationText {
  from: number;
  to: number;
  ms: number | undefined;
}

export interface Matcher {
  label: string;
  op: "=" | "!=" | "=~" | "!~";
  value: string;
}

/** The labels by which two sides of an operator are matched; `group` is the side of which several series may match one. */
export interface Matching {
  on: boolean;
  labels: string[];
  group: "left" | "right" | undefined;
  include: string[];
}

export type SelectorNode = {
  kind: "selector";
  /** Undefined if no name is given, or only a regular expression for it. */
  metric: string | undefined;
  matchers: Matcher[];
};

export type BinaryNode = {
  kind: "binary";
  /** As it is written, in lower case: `+`, `>`, `and`, … */
  op: string;
  isBool: boolean;
  matching: Matching | undefined;
  left: PromqlNode;
  right: PromqlNode;
};

/** An expression of PromQL as a tree, without parentheses. */
export type PromqlNode =
  | SelectorNode
  | BinaryNode
  | { kind: "number"; value: number }
  | { kind: "string"; value: string }
  | { kind: "range"; of: PromqlNode; range: DurationText }
  | { kind: "subquery"; of: PromqlNode; range: DurationText; step: DurationText | undefined }
  | { kind: "offset"; of: PromqlNode; by: DurationText }
  | { kind: "at"; of: PromqlNode }
  | { kind: "unary"; of: PromqlNode }
  | { kind: "call"; name: string; args: PromqlNode[] }
  | {
      kind: "aggregate";
      op: string;
      by: string[] | undefined;
      without: string[] | undefined;
      args: PromqlNode[];
    };

/** The direct parts of an expression, from left to right. */
function partsOf(node: PromqlNode): PromqlNode[] {
  switch (node.kind) {
    case "binary":
      return [node.left, node.right];
    case "call":
    case "aggregate":
      return node.args;
    case "range":
    case "subquery":
    case "offset":
    case "at":
    case "unary":
      return [node.of];
    default:
      return [];
  }
}

/** An expression and everything in it, each node after those around it. */
export function* nodesIn(node: PromqlNode): Generator<PromqlNode> {
  yield node;
  for (const part of partsOf(node)) yield* nodesIn(part);
}

/** The selectors in an expression. */
export function selectorsIn(node: PromqlNode): SelectorNode[] {
  return [...nodesIn(node)].filter((each) => each.kind === "selector");
}
