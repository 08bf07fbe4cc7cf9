/** Where texts name hosts: in URLs, before a port, and behind keys and flags such as `host`, `server` and `endpoint`. */
const forms = [
  /:\/\/(?:[^\s/@"']*@)?([\w.-]+)/g,
  /(?<![\w.-])([A-Za-z][\w.-]*)(?=:\d{2,5}(?![\d.\w]))/g,
  /\b(?:hosts?|hostname|server|upstream|endpoint|addr(?:ess)?(?:es)?)\b["']?\s*[:=\s]\s*\[?["']?([A-Za-z][\w.-]*)/gi,
];

/** Settings by which a program reports about itself or alerts people, which no line needs on its way. */
const besides =
  /alert|remote_?write|tracing|jaeger|zipkin|telemetry|\botel|sentry|statsd|graphite|pyroscope/i;

/** A key and its value, as in `{ key: value }`. */
const settingInLine = /([\w-]+)["']?\s*:\s+["']?[^\s,}\]]+/g;

/**
 * The hosts that a text names, among those that are known. Comments and settings for alerts and telemetry are left out, with
 * everything that is indented below them.
 *
 * @param known names of hosts, in lower case
 */
export function hostsIn(text: string, known: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const line of tellingLines(text))
    for (const form of forms)
      for (const [, host] of line.matchAll(form)) {
        const name = host!.toLowerCase().replace(/\.$/, "");
        if (known.has(name)) found.add(name);
      }
  return found;
}

/** The lines of a text without comments, and without sections that are about something else. */
function* tellingLines(text: string): Generator<string> {
  let skippedIndent: number | undefined;
  for (const line of text.split("\n")) {
    const code = line.replace(/(^|\s)(#|\/\/).*$/, "");
    if (code.trim() === "") continue;
    const indent = code.search(/\S/);
    if (skippedIndent !== undefined && indent > skippedIndent) continue;
    skippedIndent = undefined;
    const [key = ""] = code.split(/[:=]/);
    if (besides.test(key)) skippedIndent = indent;
    else yield code.replace(settingInLine, (setting, name: string) => (besides.test(name) ? "" : setting));
  }
}
