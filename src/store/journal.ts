import { appendFileSync } from "node:fs";
import type { Redactor } from "../base/redact.ts";

/** One line of `journal.ndjson`: what happened, when, and whatever belongs to it. */
export interface JournalEvent {
  /** ISO 8601, UTC. */
  at: string;
  event: string;
  [detail: string]: unknown;
}

/** The account of a run, on disk line by line as it happens, so that a run that was killed still says how far it came. */
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
