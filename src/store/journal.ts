import { appendFileSync } from "node:fs";
import type { Redactor } from "../base/redact.ts";

/** One line of `journal.ndjson`: what happened, when, and further figures. */
export interface JournalEvent {
  /** ISO 8601, UTC. */
  at: string;
  event: string;
  [detail: string]: unknown;
}

/** The journal of a run. Each event is stored at once, so the journal also shows how far a killed run came. */
export class Journal {
  readonly #path: string;
  readonly #redactor: Redactor;
  readonly #onEvent: (event: JournalEvent) => void;

  constructor(path: string, redactor: Redactor, onEvent: (event: JournalEvent) => void) {
    this.#path = path;
    this.#redactor = redactor;
    this.#onEvent = onEvent;
  }

  add(event: string, details: Record<string, unknown> = {}): void {
    const entry: JournalEvent = { at: new Date().toISOString(), event, ...this.#redactor.deep(details) };
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
    this.#onEvent(entry);
  }
}
