import { pause } from "../../base/abortable-pause.ts";
import type { ReadError } from "../../base/read-error.ts";
import type { ReadHint } from "../../judge/proof-failure.ts";
import { LineCodec, markOf } from "../../load/line.ts";
import type { Instance } from "../../places/instance.ts";
import { ReadWindow } from "../read-window.ts";
import {
  batchWaitMs,
  type FollowOptions,
  type ForeignLines,
  type ObservedEntry,
  type Sink,
  type SinkWatch,
  type SoughtTexts,
  type Unflushed,
  type WantedLines,
} from "../sink.ts";
import type { SinkOptions } from "../sink-options.ts";
import { frontedUrl, lineFilterOf, sinkUrl } from "../sink-url.ts";
import { findForeign } from "./foreign-loki-lines.ts";
import { LokiClient, type LokiClientOptions } from "./loki-client.ts";
import { hintFor } from "./loki-hints.ts";
import { LokiReading } from "./loki-reading.ts";
import { lokiTotals } from "./loki-totals.ts";
import { LokiWatch } from "./loki-watch.ts";

const lookTimeoutMs = 5_000;
const readTimeoutMs = 15_000;
const readyTimeoutMs = 5_000;
const readRetries = 2;

/** The Loki of a pipeline that runs. */
export class LokiSink implements Sink {
  readonly kind = "loki";
  readonly selectorKey = "loki.selector";
  readonly lateCopiesMs = batchWaitMs;
  readonly #options: SinkOptions;
  #window: ReadWindow | undefined;
  #reading: LokiReading | undefined;
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
    const url = await sinkUrl(this.#options.stack);
    if (url === undefined) return false;
    const { headers = {} } = this.#options.stack.pipeline.sink.access ?? {};
    try {
      const signal = AbortSignal.timeout(readyTimeoutMs);
      return (await fetch(`${url}/loki/api/v1/labels`, { headers, signal })).ok;
    } catch {
      return false;
    }
  }

  follow({ clock, arrivals, sources, signal }: FollowOptions): SinkWatch {
    const { stack, seed, line } = this.#options;
    const client = new LokiClient({
      ...this.#access,
      // While lines are followed, only lines of the run are queried, in every stack.
      lineFilter: markOf(seed, line),
      baseUrl: () => sinkUrl(stack),
      signal,
      timeoutMs: lookTimeoutMs,
      retries: 0,
    });
    this.#window = new ReadWindow(clock);
    const { selector } = this;
    const codec = new LineCodec(seed, clock, line);
    return new LokiWatch({ client, selector, codec, arrivals, window: this.#window, sources });
  }

  async findForeign(): Promise<ForeignLines | undefined> {
    // If every query is restricted to the run's lines, no others can be seen.
    if (this.#access.lineFilter !== undefined || this.#window === undefined) return undefined;
    const { stack, seed, line } = this.#options;
    const client = this.#clientOf(() => sinkUrl(stack));
    return findForeign(client, this.selector, this.#window.range(Date.now()), {
      seed,
      mark: markOf(seed, line),
    });
  }

  async read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void) {
    return this.#reader.read(wanted, onEntry);
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    return this.#reader.countAnyOf(sought);
  }

  async countOf(wanted: WantedLines): Promise<number> {
    return this.#reader.countOf(wanted);
  }

  async assertNothingBeyond(wanted: WantedLines): Promise<void> {
    return this.#reader.assertNothingBeyond(wanted);
  }

  async flush(): Promise<Unflushed | undefined> {
    return this.#reader.flush();
  }

  async totals(upAtMs: number) {
    return lokiTotals(this.#options.stack, upAtMs);
  }

  hintFor(error: ReadError): ReadHint | undefined {
    return hintFor(error, this.#options.stack.pipeline);
  }

  get #reader(): LokiReading {
    const { stack, signal } = this.#options;
    const { reader, ingesters } = stack.pipeline.sink;
    const urlOf = async (instance: Instance) =>
      instance.name === reader ? sinkUrl(stack) : (await instance.address())?.url;
    this.#reading ??= new LokiReading({
      client: this.#clientOf(this.#frontUrl),
      ingesters: stack.instances(ingesters).map((instance) => this.#clientOf(() => urlOf(instance))),
      selector: this.selector,
      window: this.#window,
      wait: (ms) => pause(ms, signal),
    });
    return this.#reading;
  }

  #clientOf(baseUrl: () => Promise<string | undefined>): LokiClient {
    const { signal } = this.#options;
    return new LokiClient({
      ...this.#access,
      baseUrl,
      signal: () => signal,
      timeoutMs: readTimeoutMs,
      retries: readRetries,
    });
  }

  get #access(): Pick<LokiClientOptions, "headers" | "lineFilter"> {
    const { headers = {} } = this.#options.stack.pipeline.sink.access ?? {};
    return { headers, lineFilter: lineFilterOf(this.#options) };
  }
}
