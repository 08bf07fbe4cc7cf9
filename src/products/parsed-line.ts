import { type LogStage, recordOf } from "./log-stages.ts";
import { messageName, type TextForm } from "./template-for-stages.ts";

/** What stages take a line to be, and which part of it they store. */
export interface ParsedLine {
  /** What is read. */
  root: TextForm;
  /** What is stored: the root, or a part of it. */
  stored: TextForm;
  /** Whether it is taken out of what a container engine writes around it. */
  unwraps: boolean;
  /** Why it is not known what is stored, as a part of a sentence. */
  isUnknown?: string | undefined;
}

/** Where lines are read: in files, in the files in which Docker keeps the output of containers, or as the engine's API gives them. */
export type LinesFrom = "files" | "json-files" | "api";

/** The state while the stages are followed one after the other. */
interface Following {
  root: TextForm;
  line: TextForm;
  /** By the names of extracted values. */
  values: Map<string, TextForm>;
  unwraps: boolean;
  isUnknown?: string | undefined;
}

const plainPath = /^(?:[\w@$-]+|"[^"]+")(?:\.(?:[\w@$-]+|"[^"]+"))*$/;
/** The field of Docker's json-files that has the line. */
const wrappedField = "log";

/** Follows stages that take lines apart. */
export function parsedLine(stages: readonly LogStage[], from: LinesFrom): ParsedLine {
  const plain: TextForm = { form: "plain" };
  const state: Following = { root: plain, line: plain, values: new Map(), unwraps: false };
  for (const stage of stages) follow(stage, state, from);
  const { root, line, unwraps, isUnknown } = state;
  return { root, stored: line, unwraps, isUnknown };
}

function follow({ kind, settings }: LogStage, state: Following, from: LinesFrom): void {
  if (kind === "docker" || kind === "cri") unwrap(kind, state, from);
  if (kind === "json") extractJson(settings, state, from === "json-files");
  if (kind === "logfmt") extractLogfmt(settings, state);
  if (kind === "regex") extractRegex(settings, state);
  if (kind === "template") compose(settings, state);
  if (kind !== "output") return;
  const source = `${settings.source ?? ""}`;
  const stored = state.values.get(source);
  if (stored !== undefined) state.line = stored;
  else
    state.isUnknown = `it stores the value ${source}, of which its stages do not tell what part of the line it is`;
}

/** The stages `docker` and `cri` take the line out of what an engine writes, and go on with it. */
function unwrap(kind: "docker" | "cri", state: Following, from: LinesFrom): void {
  state.unwraps = true;
  // In json-files, what is around a line is the engine's; its API gives lines without it, which these stages leave as they are.
  if (from !== "files") return;
  const inner: TextForm = { form: "plain" };
  const names = new Map<string, TextForm>([
    [kind === "docker" ? "log" : "content", inner],
    [kind === "docker" ? "stream" : "flags", { form: "plain" }],
    ["time", { form: "plain" }],
  ]);
  const cri = "^(?P<time>\\S+?) stdout F (?P<content>.*)$";
  const wrapped: TextForm =
    kind === "docker"
      ? { form: "json", fields: names }
      : { form: "regex", expression: cri, groups: new Map([...names].filter(([name]) => name !== "flags")) };
  replace(state, state.line, wrapped);
  state.line = inner;
  state.values.set(kind === "docker" ? "output" : "content", inner);
}

function extractJson(settings: Record<string, unknown>, state: Following, isWrapped: boolean): void {
  const source = settings.source === undefined ? undefined : `${settings.source}`;
  const expressions = Object.entries(recordOf(settings.expressions)).map(
    ([name, path]) => [name, `${path || name}`] as const,
  );
  const isOuter = isWrapped && source === undefined && state.line === state.root && !state.unwraps;
  if (isOuter) {
    // What is beside the line in Docker's json-file is not written by the application.
    for (const [name, path] of expressions) if (path === wrappedField) state.values.set(name, state.root);
    state.unwraps = expressions.some(([, path]) => path === wrappedField);
    return;
  }
  const text = source === undefined ? state.line : state.values.get(source);
  if (text === undefined) return;
  const fields = text.form === "json" ? text.fields : new Map<string, TextForm>();
  if (text.form !== "plain" && text.form !== "json") return;
  const parsed = replace(state, text, { form: "json", fields });
  for (const [name, path] of expressions) {
    if (!plainPath.test(path)) continue;
    const keys = [...path.matchAll(/"([^"]+)"|([^."]+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
    const found = fieldAt(parsed as Extract<TextForm, { form: "json" }>, keys);
    if (found !== undefined) state.values.set(name, found);
  }
}

/** The field at a path, which is made if it is not there yet. */
function fieldAt(root: Extract<TextForm, { form: "json" }>, keys: string[]): TextForm | undefined {
  let at: TextForm = root;
  for (const [index, key] of keys.entries()) {
    if (at.form !== "json") return undefined;
    const isLast = index === keys.length - 1;
    const next: TextForm =
      at.fields.get(key) ?? (isLast ? { form: "plain" } : { form: "json", fields: new Map() });
    at.fields.set(key, next);
    at = next;
  }
  return at;
}

function extractLogfmt(settings: Record<string, unknown>, state: Following): void {
  const text = textRead(settings, state);
  if (text?.form !== "plain") return;
  const fields = new Map<string, TextForm>();
  for (const [name, key] of Object.entries(recordOf(settings.mapping))) {
    const field: TextForm = { form: "plain" };
    fields.set(`${key || name}`, field);
    state.values.set(name, field);
  }
  replace(state, text, { form: "logfmt", fields });
}

function extractRegex(settings: Record<string, unknown>, state: Following): void {
  const text = textRead(settings, state);
  const expression = `${settings.expression ?? ""}`;
  if (text?.form !== "plain" || expression === "") return;
  const groups = new Map<string, TextForm>();
  for (const [, name] of expression.matchAll(/\(\?P?<(\w+)>/g)) {
    const group: TextForm = { form: "plain" };
    groups.set(name!, group);
    state.values.set(name!, group);
  }
  replace(state, text, { form: "regex", expression, groups });
}

/** A template makes a value of others; where it is stored, the message among them is what has the line. */
function compose(settings: Record<string, unknown>, state: Following): void {
  const name = `${settings.source ?? ""}`;
  const template = `${settings.template ?? ""}`;
  if (/\.Value\b/.test(template) && state.values.has(name)) return;
  const named = [...template.matchAll(/\.(\w+)/g)]
    .map(([, value]) => value!)
    .filter((one) => state.values.has(one));
  const message = named.find((one) => messageName.test(one)) ?? named.at(-1);
  if (/\.Entry\b/.test(template)) state.values.set(name, state.line);
  else if (message !== undefined) state.values.set(name, state.values.get(message)!);
}

function textRead(settings: Record<string, unknown>, state: Following): TextForm | undefined {
  return settings.source === undefined ? state.line : state.values.get(`${settings.source}`);
}

/** Puts a form in the place of another, wherever that is known. */
function replace(state: Following, old: TextForm, form: TextForm): TextForm {
  if (old.form === form.form) return old;
  if (state.line === old) state.line = form;
  for (const [name, value] of state.values) if (value === old) state.values.set(name, form);
  if (state.root === old) state.root = form;
  else replaceWithin(state.root, old, form);
  return form;
}

function replaceWithin(at: TextForm, old: TextForm, form: TextForm): void {
  if (at.form === "plain") return;
  const parts = at.form === "regex" ? at.groups : at.fields;
  for (const [name, part] of parts) {
    if (part === old) parts.set(name, form);
    else replaceWithin(part, old, form);
  }
}
