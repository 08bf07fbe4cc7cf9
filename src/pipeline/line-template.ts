/** The text of a template in place of which each numbered line is written. */
export const lineField = "{line}";
/** The one in place of which its time is written, in RFC 3339. */
export const timeField = "{time}";
/** The one in place of which its level is written. */
export const levelField = "{level}";

const maxTemplateLength = 4_096;
/** A template, as it is written in YAML and in a shell. */
export const templateExample = `'{"ts":"${timeField}","level":"${levelField}","msg":"${lineField}"}'`;

/**
 * What is wrong with a user's template of what is written for each line. It has to contain `{line}` once, may contain `{time}` and
 * `{level}`, and anything else stands for itself.
 *
 * @returns what was expected and what was found; undefined if nothing is wrong
 */
export function flawInTemplate(template: string): string | undefined {
  const named = [...template.matchAll(/\{[A-Za-z_][\w.-]*\}/g)].map(([placeholder]) => placeholder);
  const unknown = named.find((placeholder) => ![lineField, timeField, levelField].includes(placeholder));
  if (unknown !== undefined)
    return `expected no placeholders but ${lineField}, ${timeField} and ${levelField}, found ${unknown}`;
  const lines = named.filter((placeholder) => placeholder === lineField).length;
  if (lines !== 1)
    return `expected ${lineField} exactly once, found it ${lines === 0 ? "nowhere" : `${lines} times`}`;
  // Digits right behind the line could not be told from those of its number.
  if (/\{line\}\d/.test(template)) return `expected no digit right behind ${lineField}`;
  if (/[^\P{Cc}\t]/u.test(template))
    return "expected one line of text, found a newline or another control character";
  if (/\p{Cs}/u.test(template)) return "expected text that can be written as UTF-8, found half a character";
  if (template.length > maxTemplateLength)
    return `expected at most ${maxTemplateLength} characters, found ${template.length}`;
  return undefined;
}
