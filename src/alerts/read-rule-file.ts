import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { z } from "zod";
import { ruleDurationMs } from "./rule-duration.ts";
import type { Rule, RuleFile, RuleGroup } from "./rule-file.ts";
import type { RuleProblem, RuleProblemKind } from "./rule-problem.ts";

// Go reads a number or a truth value as the text that it is, and null as an empty one.
const plain = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((value) => String(value ?? ""));
const period = plain.refine(
  (value) => ruleDurationMs(value) !== undefined,
  'a duration like "5m" or "1h30m"',
);
const labels = z.record(z.string(), plain);
const text = plain.refine((value) => value !== "", "a text");

/** The fields of a rule file, as Prometheus 3 has them (model/rulefmt). It refuses others, and so does this. */
const ruleFields = {
  alert: text,
  record: text,
  expr: text,
  for: period,
  keep_firing_for: period,
  labels,
  annotations: labels,
};
const groupFields = {
  name: text,
  interval: period,
  query_offset: period,
  limit: z.int(),
  labels,
  rules: z.unknown(),
};
const fileFields = { groups: z.unknown() };

/**
 * Reads a rule file of Prometheus. Whatever can be read is read, and everything that Prometheus would refuse about the file's form is
 * among `problems`, with its line. Expressions and templates are not looked at.
 *
 * @param name the file's name, for messages
 */
export function readRuleFile(source: string, name: string): RuleFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, logLevel: "silent", uniqueKeys: true });
  const reader = new RuleReader(name, lines, document);
  for (const { code, pos } of document.errors) reader.note("yaml", lines.linePos(pos[0]).line, null, code);
  if (document.errors.length > 0) return { name, groups: [], problems: reader.problems };
  if (document.contents === null || isNull(document.contents)) return { name, groups: [], problems: [] };
  const top = reader.map(document.contents, fileFields, "groups", null);
  const groups = reader.sequence(top?.get("groups", true), "groups", null).map((each) => reader.group(each));
  return { name, groups: groups.filter((each) => each !== undefined), problems: reader.problems };
}

type Fields = Record<string, z.ZodType>;

/** Reads the parts of one file, and notes what is wrong with them. */
class RuleReader {
  readonly problems: RuleProblem[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #document: Document;

  constructor(file: string, lines: LineCounter, document: Document) {
    this.#file = file;
    this.#lines = lines;
    this.#document = document;
  }

  note(code: RuleProblemKind, line: number, rule: string | null, found = "", expected = ""): void {
    this.problems.push({ code, file: this.#file, line, rule, found, expected });
  }

  group(node: Node): RuleGroup | undefined {
    const map = this.map(node, groupFields, "group", null);
    if (map === undefined) return undefined;
    const { name, interval, labels: groupLabels } = this.#values(map, groupFields, null);
    if (name === undefined) this.note("group-without-name", this.#line(map), null);
    const rules = this.sequence(map.get("rules", true), "rules", null).map((each) => this.#rule(each));
    return {
      name: String(name ?? ""),
      line: this.#line(map),
      intervalMs: ruleDurationMs(String(interval)),
      labels: (groupLabels ?? {}) as Record<string, string>,
      rules: rules.filter((each) => each !== undefined),
    };
  }

  #rule(given: Node): Rule | undefined {
    const node = this.#named(given);
    const alert = isMap(node) ? (node.get("alert") ?? undefined) : undefined;
    const record = isMap(node) ? (node.get("record") ?? undefined) : undefined;
    const name = String(alert ?? record ?? "");
    const map = this.map(node, ruleFields, "rule", name === "" ? null : name);
    if (map === undefined) return undefined;
    const line = this.#line(map);
    const values = this.#values(map, ruleFields, name);
    if ((alert === undefined) === (record === undefined))
      this.note("neither-alert-nor-record", line, name || null);
    const exprNode = this.#named(map.get("expr", true));
    if (exprNode === undefined || isNull(exprNode)) this.note("no-expression", line, name || null);
    const kind = record !== undefined && alert === undefined ? "record" : "alert";
    if (kind === "record")
      for (const field of ["for", "keep_firing_for", "annotations"])
        if (!isNothing(values[field]))
          this.note("field-of-alerts", this.#line(map.get(field, true)), name || null, field);
    return {
      kind,
      name,
      line,
      expr: String(values.expr ?? ""),
      exprLine: exprNode === undefined ? line : this.#line(exprNode) + (isBlock(exprNode) ? 1 : 0),
      forMs: ruleDurationMs(String(values.for)),
      keepFiringMs: ruleDurationMs(String(values.keep_firing_for)),
      labels: (values.labels ?? {}) as Record<string, string>,
      annotations: (values.annotations ?? {}) as Record<string, string>,
    };
  }

  /** The node as a map that has only these fields; otherwise undefined, or noted. */
  map(given: unknown, fields: Fields, what: string, rule: string | null): YAMLMap | undefined {
    const node = this.#named(given);
    if (!isMap(node)) {
      this.note("not-a-map", this.#line(node), rule, what);
      return undefined;
    }
    for (const { key } of node.items as Pair<Scalar>[]) {
      const field = String(key.value);
      if (Object.hasOwn(fields, field)) continue;
      // A severity beside the alert's name is the usual mistake.
      const code = what === "rule" && field === "severity" ? "severity-outside-labels" : "unknown-field";
      this.note(code, this.#line(key), rule, field, Object.keys(fields).join(", "));
    }
    return node;
  }

  sequence(given: unknown, what: string, rule: string | null): Node[] {
    const node = this.#named(given);
    if (isSeq(node)) return node.items as Node[];
    if (node !== undefined && node !== null && !isNull(node))
      this.note("not-a-list", this.#line(node), rule, what);
    return [];
  }

  /** The values of the fields that are as they should be; the others are noted. */
  #values(map: YAMLMap, fields: Fields, rule: string | null): Record<string, unknown> {
    const values: Record<string, unknown> = {};
    for (const [field, schema] of Object.entries(fields)) {
      const node = this.#named(map.get(field, true)) as Node | undefined;
      if (node === undefined || isNull(node)) continue;
      const value: unknown = isScalar(node) ? node.value : node.toJS(this.#document);
      const parsed = schema.safeParse(value);
      if (parsed.success) values[field] = parsed.data;
      else {
        const { message, path } = parsed.error.issues[0]!;
        this.note("bad-value", this.#line(node), rule, [field, ...path].join("."), message);
        if (schema === labels && isMap(node)) values[field] = textsOf(value as Record<string, unknown>);
      }
    }
    return values;
  }

  /** What a node stands for, if it is only a name (`*name`) for another. */
  #named(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #line(node: unknown): number {
    const range = (node as Node | null | undefined)?.range;
    return range === null || range === undefined ? 1 : this.#lines.linePos(range[0]).line;
  }
}

/** The values of a map that are as they should be; what is said of the others has been said. */
function textsOf(map: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]) => {
      const { data } = plain.safeParse(value);
      return data === undefined ? [] : [[name, data]];
    }),
  );
}

function isNull(node: unknown): boolean {
  return isScalar(node) && node.value === null;
}

/** Whether a value is what a field has that is not there: no period, an empty map. */
function isNothing(value: unknown): boolean {
  if (typeof value === "string") return ruleDurationMs(value) === 0;
  return value === undefined || Object.keys(value as object).length === 0;
}

function isBlock(node: unknown): boolean {
  return isScalar(node) && (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED");
}
