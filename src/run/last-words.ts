const shownLines = 5;
const maxLineLength = 500;
const telling =
  /\b(?:level=error|level=warn|error|fail(?:ed|ure)?|refused|denied|forbidden|too (?:old|new|far))\b/i;

/**
 * The last lines that a container logged, for a message. If they contain no error, as in the middle of a stack trace, the last line
 * with an error before them comes first.
 */
export function lastWords(log: string): string {
  const lines = log.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) return "(nothing)";
  const last = lines.slice(-shownLines);
  const isTold = last.some((line) => telling.test(line));
  const told = isTold ? undefined : lines.slice(0, -shownLines).findLast((line) => telling.test(line));
  return [...(told === undefined ? [] : [told, "…"]), ...last].map(shortened).join("\n");
}

function shortened(line: string): string {
  return line.length <= maxLineLength ? line : `${line.slice(0, maxLineLength)}…`;
}
