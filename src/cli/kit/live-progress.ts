import type { WriteStream } from "node:tty";
import type { Verdict } from "../../plan/verdict.ts";
import type { RunStatus } from "../../run/run-request.ts";
import type { JournalEvent } from "../../store/journal.ts";
import { finalLine, liveLine } from "./live-line.ts";
import type { Progress } from "./progress.ts";

/** How often the elapsed time is updated while nothing else happens, and how often the line is drawn at most. */
const tickMs = 500;
const minIntervalMs = 100;
/** Used if a terminal does not report its width. */
const usualWidth = 80;
const clearLine = "\r\x1b[K";

/** Progress in a terminal: one line that is overwritten in place, and that remains, with the verdict, when the run has ended. */
export class LiveProgress implements Progress {
  readonly #stream: WriteStream;
  readonly #title: string;
  readonly #colour: boolean;
  readonly #startedAtMs = Date.now();
  #status: RunStatus | undefined;
  #drawnAtMs = 0;
  #drawnKey = "";
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(stream: WriteStream, title: string, { colour }: { colour: boolean }) {
    this.#stream = stream;
    this.#title = title;
    this.#colour = colour;
  }

  onStatus(status: RunStatus): void {
    if (this.#hasEnded) return;
    this.#status = status;
    // The timer must not keep the process alive after an error.
    this.#timer ??= setInterval(() => this.#draw(), tickMs).unref();
    const key = `${status.phase} ${status.faultsInForce.join()}`;
    if (key !== this.#drawnKey || Date.now() - this.#drawnAtMs >= minIntervalMs) this.#draw();
  }

  onEvent({ text }: JournalEvent): void {
    if (text === undefined) return;
    this.#stream.write(`${this.#status === undefined ? "" : clearLine}${text}\n`);
    this.#draw();
  }

  end(verdict?: Verdict): void {
    clearInterval(this.#timer);
    this.#hasEnded = true;
    if (this.#status === undefined) return;
    const line = finalLine({ ...this.#state(this.#status), verdict }, this.#options());
    this.#stream.write(`${clearLine}${line}\n`);
    this.#status = undefined;
  }

  #draw(): void {
    if (this.#status === undefined) return;
    this.#drawnAtMs = Date.now();
    this.#drawnKey = `${this.#status.phase} ${this.#status.faultsInForce.join()}`;
    this.#stream.write(`${clearLine}${liveLine(this.#state(this.#status), this.#options())}`);
  }

  #state(status: RunStatus) {
    return { ...status, title: this.#title, elapsedMs: Date.now() - this.#startedAtMs };
  }

  #options() {
    // The last column stays free, because some terminals begin a new line as soon as it is written.
    return { width: (this.#stream.columns || usualWidth) - 1, colour: this.#colour };
  }
}
