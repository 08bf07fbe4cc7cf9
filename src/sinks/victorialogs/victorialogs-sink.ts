import { pause } from "../../base/abortable-pause.ts";
import type { ReadError } from "../../base/read-error.ts";
import type { ReadHint } from "../../judge/proof-failure.ts";
import { LineCodec, markOf } from "../../load/line.ts";
import { ReadWindow } from "../read-window.ts";
import {
  batchWaitMs,
  type FollowOptions,
  type ForeignLines,
  type ObservedEntry,
  type Sink,
  type SinkWatch,
  type SoughtTexts,
  type WantedLines,
} from "../sink.ts";
import type { SinkOptions } from "../sink-options.ts";
import { frontedUrl, lineFilterOf, sinkUrl } from "../sink-url.ts";
import { findForeign } from "./foreign-victorialogs-lines.ts";
import { VictoriaLogsClient } from "./victorialogs-client.ts";
import { hintFor } from "./victorialogs-hints.ts";
import { VictoriaLogsReading } from "./victorialogs-reading.ts";
import { victoriaLogsTotals } from "./victorialogs-totals.ts";
import { VictoriaLogsWatch } from "./victorialogs-watch.ts";

const lookTimeoutMs = 5_000;
const readTimeoutMs = 30_000;
const readRetries = 2;

/** The VictoriaLogs of a pipeline that runs. */
export class VictoriaLogsSink implements Sink {
  readonly kind = "victorialogs";
  readonly selectorKey = "victorialogs.selector";
  readonly lateCopiesMs = batchWaitMs;
  readonly #options: SinkOptions;
  #window: ReadWindow | undefined;
  #reading: VictoriaLogsReading | undefined;
  readonly #frontUrl: () => Promise<string | undefined>;

  constructor(options: SinkOptions) {
    this.#options = options;
    this.#frontUrl = frontedUrl(options);
  }

  get selector(): string {
    return this.#options.stack.pipeline.selector;
  }

  get skewMs(): number {
    return this.#window?.skewMs ?? 0;
  }

  async isReachable(): Promise<boolean> {
    return (await sinkUrl(this.#options.stack)) !== undefined;
  }

  async isReady(): Promise<boolean> {
    const { stack, signal } = this.#options;
    const client = this.#clientOf(
      () => sinkUrl(stack),
      () => signal,
      lookTimeoutMs,
      0,
    );
    return client.count(`${this.selector} | limit 1`).then(
      () => true,
      () => false,
    );
  }

  follow({ clock, arrivals, sources, signal }: FollowOptions): SinkWatch {
    const { stack, seed, line } = this.#options;
    this.#window = new ReadWindow(clock);
    return new VictoriaLogsWatch({
      client: this.#clientOf(() => sinkUrl(stack), signal, lookTimeoutMs, 0),
      selector: this.selector,
      codec: new LineCodec(seed, clock, line),
      arrivals,
      window: this.#window,
      sources,
    });
  }

  async findForeign(): Promise<ForeignLines | undefined> {
    if (lineFilterOf(this.#options) !== undefined) return undefined;
    const { stack, seed, line, signal } = this.#options;
    const client = this.#clientOf(
      () => sinkUrl(stack),
      () => signal,
      readTimeoutMs,
      readRetries,
    );
    return findForeign(client, this.selector, seed, markOf(seed, line));
  }

  async read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void) {
    return this.#reader.read(wanted, onEntry);
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    return this.#reader.countAnyOf(sought);
  }

  async flush(): Promise<undefined> {
    return this.#reader.flush();
  }

  async totals(upAtMs: number) {
    return victoriaLogsTotals(this.#options.stack, upAtMs);
  }

  hintFor(error: ReadError): ReadHint | undefined {
    return hintFor(error, this.#options.stack.pipeline);
  }

  get #reader(): VictoriaLogsReading {
    const { signal } = this.#options;
    this.#reading ??= new VictoriaLogsReading({
      client: this.#clientOf(this.#frontUrl, () => signal, readTimeoutMs, readRetries),
      selector: this.selector,
      lineFilter: lineFilterOf(this.#options),
      wait: (ms) => pause(ms, signal),
    });
    return this.#reading;
  }

  #clientOf(
    baseUrl: () => Promise<string | undefined>,
    signal: () => AbortSignal,
    timeoutMs: number,
    retries: number,
  ): VictoriaLogsClient {
    const { headers = {} } = this.#options.stack.pipeline.sink.access ?? {};
    return new VictoriaLogsClient({ baseUrl, signal, timeoutMs, retries, headers });
  }
}
