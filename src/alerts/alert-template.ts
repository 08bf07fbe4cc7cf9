/** What is wrong with the template of a label or an annotation; null if nothing is. */
type TemplateProblem = "not-closed" | "empty" | "unknown-name" | "blocks" | null;

/** Names that a template may call: those of Go's templates and of Prometheus' (template/template.go). */
const functions = new Set(
  `and or not eq ne lt le gt ge len index slice print printf println html js urlquery call
  query first label value strvalue args reReplaceAll safeHtml match title toUpper toLower graphLink tableLink sortByLabel stripPort
  stripDomain humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp toTime toDuration pathPrefix externalURL
  parseDuration now urlQueryEscape`.split(/\s+/),
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
/** Blocks in which the dot is something else than the data of the alert. */
const movingDot = new Set(["range", "with", "define", "block"]);
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
  const blocks: string[] = [];
  const wrong = (problem: TemplateProblem, found: string): AlertTemplate => ({ labels, problem, found });
  for (let at = text.indexOf("{{"); at !== -1; at = text.indexOf("{{", at)) {
    const end = text.indexOf("}}", at);
    const next = text.indexOf("{{", at + 2);
    if (end === -1 || (next !== -1 && next < end)) return wrong("not-closed", text.slice(at, at + 20));
    const inside = text.slice(at + 2, end).replace(/^-\s|\s-$/g, "");
    const action = inside.trim();
    at = end + 2;
    // A comment begins at the brace.
    if (inside.startsWith("/*")) continue;
    if (action.startsWith("/*")) return wrong("not-closed", "/*");
    if (action === "") return wrong("empty", "{{ }}");
    const words = wordsOf(action);
    labels.push(
      ...labelsIn(
        action,
        blocks.some((block) => movingDot.has(block)),
      ),
    );
    const [first] = words;
    if (!isInBlock(first, blocks)) return wrong("blocks", action);
    if (openers.has(first!)) blocks.push(first!);
    if (first === "end") blocks.pop();
    for (const [, declared] of action.matchAll(/\$(\w+)(?:\s*,\s*\$\w+)?\s*:=/g)) variables.add(declared!);
    for (const [, second] of action.matchAll(/,\s*\$(\w+)\s*:=/g)) variables.add(second!);
    const unknown = words.find((word) => !isKnown(word, variables));
    if (unknown !== undefined) return wrong("unknown-name", unknown);
  }
  return blocks.length === 0 ? wrong(null, "") : wrong("blocks", "{{ end }}");
}

/** Whether an action stands in a block that it needs. */
function isInBlock(word: string | undefined, blocks: readonly string[]): boolean {
  if (word === "end" || word === "else") return blocks.length > 0;
  return (word !== "break" && word !== "continue") || blocks.includes("range");
}

/** The words of an action, without its texts and numbers and the fields of a word. */
function wordsOf(action: string): string[] {
  const bare = action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)*'|\b\d[\w.]*/g, " ");
  return bare.match(/[$.]?[A-Za-z_]\w*(?:\.\w+)*|[$.]|\S/g) ?? [];
}

/** The labels of the alert in an action. Where the dot has moved, `.Labels` are those of something else. */
function labelsIn(action: string, hasDotMoved: boolean): string[] {
  const of = hasDotMoved ? String.raw`\$labels` : String.raw`(?:\$labels|\.Labels)`;
  const forms = [String.raw`${of}\.(\w+)`, String.raw`index\s+${of}\s+"(\w+)"`];
  return forms.flatMap((form) => [...action.matchAll(new RegExp(form, "g"))].map(([, label]) => label!));
}

function isKnown(word: string, variables: ReadonlySet<string>): boolean {
  if (/^[A-Za-z_]/.test(word)) return functions.has(word) || keywords.has(word);
  if (/^\$\w/.test(word)) return variables.has(word.slice(1).split(".")[0]!);
  return true;
}
