import type { VNode } from "preact";
import { z } from "zod";
import { grouped } from "../describe.ts";
import type { ReportedEvent } from "../reported-run.ts";
import { describeEvidence } from "../words/describe-evidence.ts";
import { cut, table, within } from "./components.ts";
import { html } from "./markup.ts";

const maxEvents = 300;
const maxEventsCharacters = 45_000;
const maxDetailsLength = 600;

/** The journal of a run, event by event. */
export function eventList(journal: ReportedEvent[]): VNode {
  const rows = journal.map(({ at, event, ...details }) => ({
    at,
    event,
    details: describe(withWords(details)),
  }));
  const limits = { items: maxEvents, characters: maxEventsCharacters };
  const { shown, omitted } = within(rows, limits, ({ details }) => details.length);
  const startMs = Date.parse(journal[0]?.at ?? "");
  const cells = shown.map(({ at, event, details }) => [
    html`<time datetime=${at} title=${at}>${((Date.parse(at) - startMs) / 1_000).toFixed(2)} s</time>`,
    html`<code class="nowrap">${event}</code>`,
    details === "" ? null : html`<span class="evidence">${details}</span>`,
  ]);
  const columns = [{ title: "after" }, { title: "event" }, { title: "what was noted" }];
  return html`<div>
    <p>
      ${grouped(journal.length)} events, ${omitted > 0 ? `of which the first ${grouped(shown.length)} are shown; all are` : "all"} in
      ${" "}<code>journal.ndjson</code>. Times count from ${journal[0]?.at ?? "the beginning"}.
    </p>
    ${table("Events of the run", columns, cells, { isStacked: true })}
  </div>`;
}

/** What was noted, with the evidence of a fault in words; earlier versions noted the words. */
function withWords(details: Record<string, unknown>): Record<string, unknown> {
  const { kind, evidence } = details;
  const found = z.array(z.looseObject({ code: z.string() })).safeParse(evidence);
  if (typeof kind !== "string" || !found.success) return details;
  return { ...details, evidence: found.data.map((each) => describeEvidence(kind, each)).join("; ") };
}

function describe(details: Record<string, unknown>): string {
  const parts = Object.entries(details).flatMap(([name, value]) => {
    const text = inWords(value);
    return text === "" ? [] : `${name}: ${text}`;
  });
  return cut(parts.join(" · "), maxDetailsLength);
}

/** A JSON value as plain text; empty for an empty value. */
function inWords(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) {
    const words = value.map(inWords).filter((text) => text !== "");
    return words.join(value.every((item) => typeof item === "string") ? " " : "; ");
  }
  if (typeof value !== "object") return String(value);
  const parts = Object.entries(value).flatMap(([name, inner]) => {
    const text = inWords(inner);
    return text === "" ? [] : `${name} ${typeof inner === "object" ? `(${text})` : text}`;
  });
  return parts.join(", ");
}
