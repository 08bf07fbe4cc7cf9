import type { VNode } from "preact";
import type { Verdict } from "../../guarantees/verdict.ts";
import { html, type Markup } from "./markup.ts";

const verdictSigns: Record<Verdict, string> = { holds: "✓", broken: "✕", unknown: "?" };

/** A verdict as a word with a sign, so that its colour says nothing new. */
export function verdictBadge(verdict: Verdict): VNode {
  return html`<span class="badge ${verdict}"><span aria-hidden="true">${verdictSigns[verdict]}</span> ${verdict}</span>`;
}

/** A column of a table. */
export interface Column {
  title: string;
  /** Whether it holds figures, which stand flush right. */
  isNumeric?: boolean;
}

/** A table in a frame of its own that scrolls where it is wider than the page. The first cell of a row is its heading. */
export function table(caption: string, columns: Column[], rows: Markup[][], isCaptionShown = false): VNode {
  const classOf = (index: number) => (columns[index]?.isNumeric ? "number" : undefined);
  return html`<div class="table" role="region" aria-label=${caption} tabindex="0">
    <table>
      <caption class=${isCaptionShown ? undefined : "hidden"}>${caption}</caption>
      <thead>
        <tr>${columns.map(({ title }, index) => html`<th scope="col" class=${classOf(index)}>${title}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell, index) =>
                index === 0
                  ? html`<th scope="row" class=${classOf(index)}>${cell}</th>`
                  : html`<td class=${classOf(index)}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A part of a page with its heading. */
export function section(id: string, title: string, body: Markup): VNode {
  return html`<section id=${id} aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section>`;
}

/** What is shown when asked for, and always on paper. */
export function details(summary: Markup, body: Markup): VNode {
  return html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`;
}

/** The first of many, as far as they are few and small, and how many more there are. */
export function within<Item>(
  items: Item[],
  limits: { items: number; characters: number },
  sizeOf: (item: Item) => number,
): { shown: Item[]; omitted: number } {
  let characters = 0;
  const end = items.slice(0, limits.items).findIndex((item) => {
    characters += sizeOf(item);
    return characters > limits.characters;
  });
  const shown = items.slice(0, end === -1 ? limits.items : end);
  return { shown, omitted: items.length - shown.length };
}

/** A text that is not longer than so many characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
