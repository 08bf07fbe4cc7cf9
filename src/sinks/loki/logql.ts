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

/**
 * A regular expression (RE2) that matches exactly this text. It is spelt such that it does not match itself if it has a slash, as the
 * identity of each line does: Loki logs its queries, and what it logs may be among the lines that it stores.
 */
export function literal(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&").replaceAll("/", "[/]");
}

/** A line filter for the lines that contain a text. */
export function containing(text: string): string {
  // Quotes are escaped where a query is logged, so that what is logged does not contain the text.
  return text.includes('"') ? ` |= ${JSON.stringify(text)}` : ` |~ ${JSON.stringify(literal(text))}`;
}
