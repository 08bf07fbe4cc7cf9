/** A stage of a pipeline as Promtail and Alloy have them; `settings` has the names of Promtail's configuration. */
export interface LogStage {
  kind: string;
  settings: Record<string, unknown>;
}

/** The part of a stage selector like `{job="shop"} |= "error"`. */
interface Matcher {
  name: string;
  operator: string;
  value: string;
}

const matcherForm = /(\w+)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)/g;
const filterForm = /(\|=|\|~|!=|!~)\s*("(?:[^"\\]|\\.)*"|`[^`]*`)/g;
const maxDepth = 8;

/**
 * The stages of Promtail's `pipeline_stages` that may act on lines with some labels, including those within `match`. A `match` that drops is
 * kept as such.
 */
export function stagesIn(stages: unknown, labels: Readonly<Record<string, string>>, depth = 0): LogStage[] {
  if (!Array.isArray(stages) || depth > maxDepth) return [];
  return stages.flatMap((stage) =>
    Object.entries((stage ?? {}) as Record<string, unknown>).flatMap(([kind, given]) => {
      const settings = recordOf(given);
      if (kind !== "match") return [{ kind, settings: Array.isArray(given) ? { names: given } : settings }];
      if (!mayMatch(`${settings.selector ?? ""}`, labels)) return [];
      if (settings.action === "drop") return [{ kind, settings }];
      return stagesIn(settings.stages, labels, depth + 1);
    }),
  );
}

/** Whether a selector may select lines with these labels; labels that are not known may have any value. */
function mayMatch(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return matchersOf(selector).every(({ name, operator, value }) => {
    const actual = labels[name];
    if (actual === undefined) return true;
    const isEqual = operator.endsWith("~") ? new RegExp(`^(?:${value})$`).test(actual) : actual === value;
    return operator.startsWith("!") ? !isEqual : isEqual;
  });
}

function matchersOf(selector: string): Matcher[] {
  const [braces = ""] = /^\s*\{[^}]*\}/.exec(selector) ?? [];
  return [...braces.matchAll(matcherForm)].map(([, name, operator, value]) => ({
    name: name!,
    operator: operator!,
    value: unquoted(value!),
  }));
}

/** Whether the line filters behind a selector take a line. */
export function filtersTake(selector: string, line: string): boolean {
  const filters = selector.replace(/^\s*\{[^}]*\}/, "");
  return [...filters.matchAll(filterForm)].every(([, operator, quoted]) => {
    const value = unquoted(quoted!);
    const isFound = operator!.endsWith("~") ? new RegExp(value).test(line) : line.includes(value);
    return operator!.startsWith("!") ? !isFound : isFound;
  });
}

function unquoted(text: string): string {
  return text.startsWith("`")
    ? text.slice(1, -1)
    : JSON.parse(text.replaceAll(/\\(?!["\\/bfnrtu])/g, "\\\\"));
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
