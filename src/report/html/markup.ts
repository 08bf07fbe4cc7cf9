import { html as htmlOfPreact } from "htm/preact";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";

/** Markup of pages, as in a template string; every value in it is escaped when it is rendered. */
export const html = htmlOfPreact as (strings: TemplateStringsArray, ...values: unknown[]) => VNode;

/** Every value that markup can contain. */
export type Markup = ComponentChildren;

/** Markup as text. */
export function render(markup: VNode): string {
  return renderToString(markup);
}
