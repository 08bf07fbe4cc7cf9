import { UsageError } from "../../base/errors.ts";
import { knownExports } from "../known-exports.ts";
import { journalHint } from "./forms/json-field.ts";

/**
 * Refuses a file without a line of the run that is not an export, but another answer that was saved in its place.
 *
 * @param texts its first texts
 * @param bears whether a text contains a line of the run
 * @throws UsageError naming what was found and how to export the lines
 */
export function assertExport(texts: readonly string[], bears: (text: string) => boolean): void {
  const journal = texts.filter((text) => /^\{.*"MESSAGE" ?: ?null/.test(text)).length;
  if (journal > 0 && journal * 2 >= texts.length && !texts.some((text) => text.includes('"MESSAGE":"')))
    throw new UsageError(journalHint);
  const packed = texts.filter(
    (text) => /^[A-Za-z0-9+/]+=*$/.test(text) && bears(Buffer.from(text, "base64").toString()),
  );
  if (packed.length > 0 && packed.length * 2 >= texts.length) throw new UsageError(base64Hint);
  const [first = ""] = texts;
  const answer = refusals.find((pattern) => pattern.test(first));
  if (answer === undefined || texts.length > maxAnswerLines) return;
  throw new UsageError(
    `expected an export, found an answer that has none: ${JSON.stringify(first.slice(0, 200))}. Nothing is known of the lines; export them again.`,
  );
}

const base64Hint =
  'expected lines, found each of them in base64; undo it first, as in: while read -r line; do echo "$line" | base64 -d; echo; done < FILE | everyline verify --ledger LEDGER -';

/** An error that was saved instead of an export is short. */
const maxAnswerLines = 200;

/** Error texts of sinks, of proxies in front of them, and of what asks them. */
const refusals = [
  /^\s*<(?:!doctype |html|\?xml)/i,
  ...knownExports.map(({ refusal }) => refusal),
  /^(?:context (?:canceled|deadline exceeded)|gateway timeout|upstream |404 page not found|curl: \()/i,
  /^\{"(?:message|error|code)":.*(?:unauthorized|forbidden|not found|invalid|denied|timeout)/i,
];
