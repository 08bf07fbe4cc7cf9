import type { RunStatus } from "../../run/run-request.ts";
import type { JournalEvent } from "../../store/journal.ts";
import type { Progress } from "./progress.ts";

const intervalMs = 5_000;

/** Progress for logs and pipes: a line at each change of phase or fault, and some in between. */
export class PlainProgress implements Progress {
  readonly #stream: NodeJS.WritableStream;
  readonly #title: string;
  readonly #startedAtMs = Date.now();
  #lastAtMs = 0;
  #lastKey = "";

  constructor(stream: NodeJS.WritableStream, title: string) {
    this.#stream = stream;
    this.#title = title;
  }

  onStatus({ phase, written, lines, readable, faultsInForce }: RunStatus): void {
    const key = `${phase} ${faultsInForce.join()}`;
    if (key === this.#lastKey && Date.now() - this.#lastAtMs < intervalMs) return;
    this.#lastKey = key;
    this.#lastAtMs = Date.now();
    const faults = faultsInForce.length === 0 ? "no fault" : `FAULT ${faultsInForce.join(" + ")}`;
    const seconds = ((Date.now() - this.#startedAtMs) / 1_000).toFixed(1).padStart(6);
    this.#stream.write(
      `${seconds} s  ${this.#title}  ${phase.padEnd(6)} | written ${written}/${lines} | readable ${readable} | ${faults}\n`,
    );
  }

  onEvent({ text }: JournalEvent): void {
    if (text !== undefined) this.#stream.write(`${text}\n`);
  }

  /** The last line of a run is written already. */
  end(): void {}
}
