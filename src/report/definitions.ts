import { wrap } from "./wrap.ts";

/** A term and its explanation. */
export type Definition = [term: string, text: string];

const indent = 2;
const gap = 2;
/** The maximal width of the column of terms; a longer term gets a line of its own. */
const maxTermShare = 0.4;
/** The minimal width of the column of texts: a narrower column is worse than a line that is too long. */
const minTextWidth = 20;

/**
 * Terms in one column and their texts, wrapped, in another. No line is wider than `width`, unless a single term is, or the width is
 * below about 40. A term without a text does not count for the width of the column.
 */
export function definitions(rows: Definition[], width: number): string {
  const most = Math.floor(width * maxTermShare);
  const beside = rows.filter(([term, text]) => text !== "" && term.length <= most);
  const termWidth = Math.max(0, ...beside.map(([term]) => term.length));
  const margin = " ".repeat(indent + termWidth + gap);
  const textWidth = Math.max(minTextWidth, width - margin.length);
  return rows
    .map(([term, text]) => {
      const block = wrap(text, textWidth).replaceAll("\n", `\n${margin}`);
      const head = `${" ".repeat(indent)}${term.padEnd(termWidth)}`;
      if (text === "") return head.trimEnd();
      return term.length <= termWidth ? `${head}${" ".repeat(gap)}${block}` : `${head}\n${margin}${block}`;
    })
    .join("\n");
}
