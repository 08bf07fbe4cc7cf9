import type { Labels } from "../sink.ts";

const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\nt])*)"(, |$)/y;
const escapes: Record<string, string> = { n: "\n", t: "\t" };

/**
 * The labels in Loki's text for a stream, such as `{job="app", source="app-1"}`; undefined if the text has another form, as one with escapes
 * that labels rarely need.
 */
export function labelsIn(text: string): Labels | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  const inner = text.slice(1, -1);
  const labels: [string, string][] = [];
  pair.lastIndex = 0;
  while (pair.lastIndex < inner.length) {
    const match = pair.exec(inner);
    if (match === null) return undefined;
    const [whole, name, value] = match as unknown as [string, string, string];
    labels.push([name, value.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped)]);
    if (!whole.endsWith('"') && pair.lastIndex === inner.length) return undefined;
  }
  return Object.fromEntries(labels);
}
