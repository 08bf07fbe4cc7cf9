import { randomUUID } from "node:crypto";

let questions = 0;
const asker = randomUUID();

/**
 * A LogQL query whose first selector matches what it did, but is another text each time. Loki remembers which streams it had for a
 * part of a range that ended more than ten minutes ago, and answers from memory when it is asked again: a backlog that arrives
 * late would never be seen. Its header against that (`Cache-Control: no-cache`) is heeded for some kinds of queries only.
 */
export function uncached(query: string): string {
  questions++;
  return query.replace("{", `{everyline!="${asker}-${questions}", `);
}

/** A selector of the same form that no stream matches. */
export function matchingNothing(selector: string): string {
  return selector.replace("{", `{everyline="${asker}", `);
}

/** A text as a regular expression (RE2) that matches it and nothing else. */
export function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
