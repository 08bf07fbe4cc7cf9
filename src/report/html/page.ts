import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { html, type Markup, render } from "./markup.ts";

const style = asset("page.css");
const script = asset("cursor.js");
const doctype = "<!doctype html>";

/** A standalone HTML page. */
export interface Page {
  title: string;
  /** Which run or set of runs it is about, for the line at the top. */
  subject: string;
  body: Markup;
  /** The data of the page's charts for its script, by their ids; empty if a page has none. */
  charts?: Record<string, unknown>;
}

/**
 * A page that contains everything it needs: it opens from disk, and a content security policy prevents it from loading anything or running
 * any script except its own, whatever its content is. It works without the script.
 */
export function renderPage({ title, subject, body, charts }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content=${policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>${title}</title>
      <style dangerouslySetInnerHTML=${{ __html: style }} />
    </head>
    <body>
      <a class="skip" href="#main">Skip to the report</a>
      <header class="top">
        <span class="brand">Everyline</span>
        <span class="subject">${subject}</span>
      </header>
      <main id="main" tabindex="-1">${body}</main>
      <footer class="bottom">
        <p>
          Everyline accounts for every line: what was written is compared, byte for byte, with what could be read back. This page
          holds all it shows, and loads nothing.
        </p>
      </footer>
      ${charts && html`<script type="application/json" id="charts" dangerouslySetInnerHTML=${{ __html: asData(charts) }} />`}
      ${charts && html`<script dangerouslySetInnerHTML=${{ __html: script }} />`}
    </body>
  </html>`;
  return `${doctype}${render(page)}\n`;
}

/** JSON that cannot close the element that contains it. */
function asData(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function asset(name: string): string {
  return readFileSync(join(import.meta.dirname, name), "utf8");
}
