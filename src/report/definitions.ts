import { wrap } from "./wrap.ts";

/** A term, and what is to be said of it. */
export type Definition = [term: string, text: string];

const indent = 2;
const gap = 2;
/** A column of terms takes no more of the width than this; a longer term stands on a line of its own. */
const maxTermShare = 0.4;
/** Too narrow a column of texts is worse than a line that is too long. */
const minTextWidth = 20;

/**
 * Terms in one column and their texts, wrapped, in another; no line is wider than `width`, unless a term alone is, or the width is
 * below 40 or so. A term without a text takes no part in the column.
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
