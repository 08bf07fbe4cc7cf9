import { randomUUID } from "node:crypto";

let questions = 0;
const asker = randomUUID();

/**
 * Changes the text of a LogQL query without changing what it matches, so that every query is new. Loki caches which streams it had in parts
 * of a range that ended more than ten minutes ago, so a backlog that arrives later would never be seen by a repeated query. Loki respects
 * `Cache-Control: no-cache` only for some kinds of queries.
 */
export function uncached(query: string): string {
  questions++;
  return query.replace("{", `{everyline!="${asker}-${questions}", `);
}

/** The selector with an additional matcher, so that it matches no stream. */
export function matchingNothing(selector: string): string {
  return selector.replace("{", `{everyline="${asker}", `);
}

/** A regular expression (RE2) that matches exactly this text. */
export function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
