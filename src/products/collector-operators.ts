import { type LogStage, recordOf } from "./log-stages.ts";

/** The attribute that a field of an operator names, as in `attributes.msg` and `attributes["msg"]`. */
function attributeOf(field: unknown): string | undefined {
  const text = `${field ?? ""}`;
  return /^(?:\$?attributes)(?:\.|\[["'])([\w.@-]+?)(?:["']\])?$/.exec(text)?.[1];
}

/**
 * What the operators and settings of a file receiver do to lines, as stages of Promtail that do the same. Its values are the attributes.
 *
 * @param receiver its configuration
 */
export function stagesOfReceiver(receiver: Record<string, unknown>): LogStage[] {
  const operators = Array.isArray(receiver.operators) ? receiver.operators.map(recordOf) : [];
  const text = JSON.stringify(operators);
  // A parser of JSON makes an attribute of every field; these are the ones that something is done with.
  const named = [...text.matchAll(/attributes(?:\.|\[\\"|\[')([\w@-]+)/g)].map(([, name]) => name!);
  const used = Object.fromEntries([...new Set(named)].map((name) => [name, name]));
  const { line_start_pattern: first } = recordOf(receiver.multiline);
  return [
    ...(first === undefined ? [] : [{ kind: "multiline", settings: { firstline: first } }]),
    ...operators.flatMap((operator) => stageOf(operator, used)),
  ];
}

function stageOf(operator: Record<string, unknown>, used: Record<string, string>): LogStage[] {
  const { type, parse_from: from = "body" } = operator;
  const attribute = attributeOf(from);
  const source = from === "body" ? {} : { source: attribute ?? "unknown" };
  if (type === "container") return [{ kind: "docker", settings: {} }];
  if (type === "json_parser") return [{ kind: "json", settings: { ...source, expressions: used } }];
  if (type === "regex_parser")
    return [{ kind: "regex", settings: { ...source, expression: operator.regex } }];
  if (type === "key_value_parser") return [{ kind: "logfmt", settings: { ...source, mapping: used } }];
  if (type === "recombine") return [{ kind: "recombine", settings: operator }];
  if (type === "filter") return [{ kind: "filter", settings: operator }];
  const isStored = (type === "move" || type === "copy") && operator.to === "body";
  if (isStored && operator.from !== "body")
    return [{ kind: "output", settings: { source: attributeOf(operator.from) ?? `${operator.from}` } }];
  return [];
}

/** What the statements of a `transform` processor do that parse the body and set it to a part of itself, as stages. */
export function stagesOfStatements(processor: unknown): LogStage[] {
  const text = JSON.stringify(processor ?? {}).replaceAll('\\"', '"');
  const [, field] = /set\((?:log\.)?body, *(?:log\.)?(?:attributes|cache)\["([\w.@-]+)"\]\)/.exec(text) ?? [];
  if (field === undefined || !/ParseJSON\((?:log\.)?body(?:\.string)?\)/.test(text)) return [];
  return [
    { kind: "json", settings: { expressions: { [field]: `"${field}"` } } },
    { kind: "output", settings: { source: field } },
  ];
}
