/** What is wrong with the template of a label or an annotation; null if nothing is. */
type TemplateProblem = "not-closed" | "empty" | "unknown-name" | "blocks" | null;

/** Names that a template may call: those of Go's templates and of Prometheus' (template/template.go). */
const functions = new Set(
  `and or not eq ne lt le gt ge len index slice print printf println html js urlquery call
  query first label value strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink sortByLabel stripPort
  stripDomain humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration pathPrefix externalURL
  parseDuration parseDurationTime now urlQueryEscape`.split(/\s+/),
);
const openers = new Set(["if", "range", "with", "define", "block"]);
const keywords = new Set([
  ...openers,
  "else",
  "end",
  "template",
  "break",
  "continue",
  "true",
  "false",
  "nil",
]);
const givenVariables = ["labels", "value", "externalLabels", "externalURL"];

/** A template that was taken apart: what it says of labels, and the first thing that is wrong with it. */
export interface AlertTemplate {
  /** Labels that it shows. */
  labels: string[];
  problem: TemplateProblem;
  /** The action or name that is wrong. */
  found: string;
}

/** Takes the template of a label or an annotation apart, as far as the lint of rules needs it. */
export function readTemplate(text: string): AlertTemplate {
  const labels: string[] = [];
  const variables = new Set(givenVariables);
  let depth = 0;
  const wrong = (problem: TemplateProblem, found: string): AlertTemplate => ({ labels, problem, found });
  for (let at = text.indexOf("{{"); at !== -1; at = text.indexOf("{{", at)) {
    const end = text.indexOf("}}", at);
    const next = text.indexOf("{{", at + 2);
    if (end === -1 || (next !== -1 && next < end)) return wrong("not-closed", text.slice(at, at + 20));
    const action = text
      .slice(at + 2, end)
      .replace(/^-\s|\s-$/g, "")
      .trim();
    at = end + 2;
    if (action.startsWith("/*")) continue;
    if (action === "") return wrong("empty", "{{ }}");
    const words = wordsOf(action);
    labels.push(...labelsIn(action));
    if (openers.has(words[0]!)) depth++;
    if (words[0] === "end") depth--;
    if (depth < 0) return wrong("blocks", action);
    for (const [, declared] of action.matchAll(/\$(\w+)(?:\s*,\s*\$\w+)?\s*:=/g)) variables.add(declared!);
    for (const [, second] of action.matchAll(/,\s*\$(\w+)\s*:=/g)) variables.add(second!);
    const unknown = words.find((word) => !isKnown(word, variables));
    if (unknown !== undefined) return wrong("unknown-name", unknown);
  }
  return depth === 0 ? wrong(null, "") : wrong("blocks", "{{ end }}");
}

/** The words of an action, without its strings and the fields of a word. */
function wordsOf(action: string): string[] {
  const bare = action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, " ");
  return bare.match(/[$.]?[A-Za-z_]\w*(?:\.\w+)*|[$.]|\S/g) ?? [];
}

function labelsIn(action: string): string[] {
  const named = [...action.matchAll(/(?:\$labels|\.Labels)\.(\w+)/g)].map(([, label]) => label!);
  const indexed = [...action.matchAll(/index\s+(?:\$labels|\.Labels)\s+"(\w+)"/g)].map(([, label]) => label!);
  return [...named, ...indexed];
}

function isKnown(word: string, variables: ReadonlySet<string>): boolean {
  if (/^[A-Za-z_]/.test(word)) return functions.has(word) || keywords.has(word);
  if (/^\$\w/.test(word)) return variables.has(word.slice(1).split(".")[0]!);
  return true;
}
