import type { Ledger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { type LineClock, oldestMs } from "../load/line-clock.ts";
import type { Arrivals } from "../read/arrivals.ts";
import { LokiClient, type LokiClientOptions } from "../read/loki-client.ts";
import { Watch } from "../read/watch.ts";
import { attachedProject } from "../stack/pipeline.ts";
import type { Stack } from "../stack/stack.ts";
import type { Journal } from "./journal.ts";
import { type ReadBackOptions, type ReadBackResult, readBack } from "./read-back.ts";
import type { RunFolder } from "./run-folder.ts";

const lookTimeoutMs = 5_000;
const readTimeoutMs = 15_000;
const readRetries = 2;
const clockSkewMs = 60_000;

/** What a run asks of a pipeline's Loki with, and where it writes what it was answered. */
export interface LokiSideOptions {
  stack: Stack;
  seed: string;
  folder: RunFolder;
  journal: Journal;
  signal: AbortSignal;
}

/** What a run asks of a pipeline's Loki: what is new while it goes on, and everything when it is over. */
export class LokiSide {
  readonly #options: LokiSideOptions;

  constructor(options: LokiSideOptions) {
    this.#options = options;
  }

  /**
   * Follows what becomes readable.
   *
   * @param arrivals is told of every line seen
   * @param signal asked anew for each request
   */
  watch(clock: LineClock, arrivals: Arrivals, signal: () => AbortSignal): Watch {
    const { stack, seed } = this.#options;
    const client = new LokiClient({
      ...this.#access,
      baseUrl: () => stack.lokiUrl(),
      signal,
      timeoutMs: lookTimeoutMs,
      retries: 0,
    });
    const codec = new LineCodec(seed, clock);
    return new Watch(client, stack.pipeline.selector, codec, arrivals, oldestMs(clock) - clockSkewMs);
  }

  /** How to read everything of a ledger once. */
  readOptions(ledger: Ledger): Omit<ReadBackOptions, "writers"> {
    const { stack, folder, journal, signal } = this.#options;
    const client = this.#clientOf(() => stack.lokiUrl());
    return { client, selector: stack.pipeline.selector, ledger, folder, journal, signal };
  }

  /**
   * Reads everything, from memory and from the store.
   *
   * @param front what is read through, given Loki's address
   */
  async read(ledger: Ledger, front = async (url: string) => url): Promise<ReadBackResult> {
    const { stack } = this.#options;
    const url = await stack.lokiUrl();
    const frontUrl = url && (await front(url));
    return readBack({
      ...this.readOptions(ledger),
      client: this.#clientOf(async () => frontUrl),
      writers: stack
        .instancesOf(stack.pipeline.loki.writers)
        .map((writer) => this.#clientOf(() => stack.url(writer))),
    });
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

  /** In a stack that others use as well Loki is asked for this run's lines alone. */
  get #access(): Pick<LokiClientOptions, "headers" | "lineFilter"> {
    const { stack, seed } = this.#options;
    const { headers = {} } = stack.pipeline.loki.access ?? {};
    return { headers, lineFilter: attachedProject(stack.pipeline) === undefined ? undefined : `${seed}/` };
  }
}
