import type { VNode } from "preact";
import type { Verdict } from "../../plan/verdict.ts";
import { html, type Markup } from "./markup.ts";

const verdictSigns: Record<Verdict, string> = { holds: "✓", broken: "✕", unknown: "?" };

/** A verdict as a word with a sign, so that the colour carries no additional information. */
export function verdictBadge(verdict: Verdict): VNode {
  return html`<span class="badge ${verdict}"><span aria-hidden="true">${verdictSigns[verdict]}</span> ${verdict}</span>`;
}

/** A column of a table. */
export interface Column {
  title: string;
  /** Whether it contains figures, which are aligned right. */
  isNumeric?: boolean;
}

/** How a table is shown. */
export interface TableOptions {
  isCaptionShown?: boolean;
  /** Whether each row becomes a list of its cells if there is no room for columns; otherwise the table scrolls. */
  isStacked?: boolean;
}

/** A table in a frame of its own. The first cell of a row is its heading. */
export function table(
  caption: string,
  columns: Column[],
  rows: Markup[][],
  options: TableOptions = {},
): VNode {
  const { isCaptionShown = false, isStacked = false } = options;
  const classOf = (index: number) => (columns[index]?.isNumeric ? "number" : undefined);
  // Roles are repeated, because some screen readers no longer recognise a table with another CSS layout.
  const role = (name: string) => (isStacked ? name : undefined);
  const cellsOf = (cells: Markup[]) =>
    cells.map((cell, index) => {
      const shared = { class: classOf(index), "data-title": isStacked ? columns[index]?.title : undefined };
      return index === 0
        ? html`<th scope="row" role=${role("rowheader")} ...${shared}>${cell}</th>`
        : html`<td role=${role("cell")} ...${shared}>${cell}</td>`;
    });
  return html`<div class=${isStacked ? "table stacked" : "table"} role="group" aria-label=${caption} tabindex="0">
    <table role=${role("table")}>
      <caption class=${isCaptionShown ? undefined : "hidden"}>${caption}</caption>
      <thead role=${role("rowgroup")}>
        <tr role=${role("row")}>
          ${columns.map(
            ({ title }, index) =>
              html`<th scope="col" role=${role("columnheader")} class=${classOf(index)}>${title}</th>`,
          )}
        </tr>
      </thead>
      <tbody role=${role("rowgroup")}>
        ${rows.map((cells) => html`<tr role=${role("row")}>${cellsOf(cells)}</tr>`)}
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

/** A part that is shown on request, and always on paper. */
export function details(summary: Markup, body: Markup): VNode {
  return html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`;
}

/** The first of many entries, up to a number and a size, and how many more there are. */
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
