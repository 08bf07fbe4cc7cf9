import type { WriteStream } from "node:tty";
import type { JournalEvent } from "../run/journal.ts";
import type { RunStatus } from "../run/run-request.ts";

const plainIntervalMs = 5_000;
const ttyIntervalMs = 100;

/** Progress on stderr: one line that is written over in a terminal; a line at each change, and now and then, elsewhere. */
export class Progress {
  readonly #stream: WriteStream;
  readonly #title: string;
  readonly #startedAtMs = Date.now();
  #lastAtMs = 0;
  #lastKey = "";
  #hasLine = false;

  constructor(stream: WriteStream, title: string) {
    this.#stream = stream;
    this.#title = title;
  }

  onStatus({ phase, written, lines, readable, faultsInForce }: RunStatus): void {
    const key = `${phase} ${faultsInForce.join()}`;
    const sinceMs = Date.now() - this.#lastAtMs;
    if (key === this.#lastKey && sinceMs < (this.#stream.isTTY ? ttyIntervalMs : plainIntervalMs)) return;
    this.#lastKey = key;
    this.#lastAtMs = Date.now();
    const faults = faultsInForce.length === 0 ? "no fault" : `FAULT ${faultsInForce.join(" + ")}`;
    this.#print(`${phase.padEnd(6)} | written ${written}/${lines} | readable ${readable} | ${faults}`);
  }

  /** Of the journal only what is written for people is told: making an image ready, and what went wrong at the end. */
  onEvent({ text }: JournalEvent): void {
    if (text === undefined) return;
    this.end();
    this.#stream.write(`${text}\n`);
  }

  /** Ends the line that is written over. */
  end(): void {
    if (this.#hasLine) this.#stream.write("\n");
    this.#hasLine = false;
  }

  #print(text: string): void {
    const seconds = ((Date.now() - this.#startedAtMs) / 1_000).toFixed(1).padStart(6);
    const line = `${seconds} s  ${this.#title}  ${text}`;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${line}\n`);
      return;
    }
    this.#stream.write(`\r\x1b[K${line.slice(0, this.#stream.columns - 1)}`);
    this.#hasLine = true;
  }
}
