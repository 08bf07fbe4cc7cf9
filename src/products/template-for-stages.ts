import { regexOf, textOfRegex } from "./text-of-regex.ts";

/** A text that stages of a shipper take apart: as a whole, or by one of these forms. */
export type TextForm =
  | { form: "plain" }
  | { form: "json"; fields: Map<string, TextForm> }
  | { form: "logfmt"; fields: Map<string, TextForm> }
  | { form: "regex"; expression: string; groups: Map<string, TextForm> };

/** The placeholders of a template, with an example of each. */
const examples: Record<string, string> = {
  time: "2026-01-01T00:00:00.006000000Z",
  level: "info",
  line: "id=demo/app-1/7 Test log 7 abcdefgh end=demo/app-1/7",
};

const timeName =
  /^(@?time(_?stamp)?|ts|t|at|date(_?time)?|asctime|time_?local|log_?time|event_?time|eventTime)$/i;
const levelName = /^(log_?)?(level|lvl|severity)(_?name|_?text)?$/i;
export const messageName =
  /^(message|msg|log|text|body|event|line|content|output|entry|rest|data|payload|full_?message)$/i;

/** A line as a template makes it. */
export function exampleOf(template: string): string {
  return template.replace(/\{(time|level|line)\}/g, (_, name: string) => examples[name]!);
}

/**
 * A template of lines that have a form.
 *
 * @param root the whole line
 * @param stored the part that is stored, in which `{line}` has to be
 * @returns undefined if none can be made
 */
export function templateOf(root: TextForm, stored: TextForm): string | undefined {
  const likely = messageIn(stored) ?? stored;
  for (const line of new Set([likely, ...plainIn(stored)])) {
    const text = textOf(root, "", line);
    if (text?.split("{line}").length === 2) return text;
  }
  return undefined;
}

/** The parts of a form that are not taken apart, the last first: there is most often room for anything. */
function plainIn(form: TextForm): TextForm[] {
  if (form.form === "plain") return [form];
  return [...partsOf(form).values()].reverse().flatMap(plainIn);
}

/** The part of a line that is most likely its message; undefined if none is. */
function messageIn(form: TextForm): TextForm | undefined {
  if (form.form === "plain") return form;
  const parts = [...partsOf(form)];
  const [, named] = parts.find(([name]) => messageName.test(name)) ?? [];
  const others = parts.filter(([name]) => !timeName.test(name) && !levelName.test(name));
  // What an expression takes at its end is mostly the rest of the line.
  const chosen = named ?? (form.form === "regex" ? others.at(-1)?.[1] : others.find(isParsed)?.[1]);
  return chosen && messageIn(chosen);
}

function isParsed([, { form }]: [string, TextForm]): boolean {
  return form !== "plain";
}

function partsOf(form: Exclude<TextForm, { form: "plain" }>): Map<string, TextForm> {
  return form.form === "regex" ? form.groups : form.fields;
}

function textOf(form: TextForm, name: string, line: TextForm): string | undefined {
  if (form === line && form.form === "plain") return "{line}";
  if (form.form === "plain") {
    if (timeName.test(name)) return "{time}";
    return levelName.test(name) ? "{level}" : "x";
  }
  if (form.form === "regex") return ofRegex(form, line);
  const parts = [...form.fields].map(([key, part]) => [key, part, textOf(part, key, line)] as const);
  // The line itself has to be somewhere: a field of its own, if nothing takes it.
  const own = form === line ? [[form.form === "json" ? "message" : "msg", undefined, "{line}"] as const] : [];
  const all = [...parts, ...own];
  if (all.some(([, , text]) => text === undefined)) return undefined;
  if (form.form === "logfmt")
    return all
      .map(([key, , text]) => `${key}=${/[ =]|\{line\}/.test(text!) ? JSON.stringify(text) : text}`)
      .join(" ");
  const fields = all.map(
    ([key, part, text]) => `${JSON.stringify(key)}:${part?.form === "json" ? text : JSON.stringify(text)}`,
  );
  return `{${fields.join(",")}}`;
}

/** A text that an expression takes, with the time, the level and the line where its groups ask for them, or else with made up ones. */
function ofRegex(form: Extract<TextForm, { form: "regex" }>, line: TextForm): string | undefined {
  const regex = regexOf(form.expression);
  if (regex === undefined) return undefined;
  const parts = new Map([...form.groups].map(([name, part]) => [name, textOf(part, name, line)]));
  const fixed = (without: RegExp | undefined) => (group: string) => {
    const text = parts.get(group);
    return text === "x" || (text !== undefined && without?.test(text)) ? undefined : text;
  };
  for (const without of [undefined, /^\{time\}$/, /^\{level\}$/, /^\{(time|level)\}$/]) {
    const text = textOfRegex(form.expression, fixed(without));
    if (text === undefined) return undefined;
    const groups = regex.exec(exampleOf(text))?.groups;
    const isRight = [...parts].every(
      ([name, part]) => !part?.includes("{line}") || groups?.[name] === exampleOf(part),
    );
    if (groups !== undefined && isRight) return text;
    if (form.groups.size === 0 && regex.test(exampleOf(text))) return text;
  }
  return undefined;
}
