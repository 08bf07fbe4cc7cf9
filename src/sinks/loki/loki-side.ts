import type { Remark } from "../../judge/reasons.ts";
import type { Arrivals } from "../../load/arrivals.ts";
import type { Ledger } from "../../load/ledger.ts";
import { LineCodec, markOf } from "../../load/line.ts";
import type { LineClock } from "../../load/line-clock.ts";
import { Watch } from "../../observe/watch.ts";
import { attachedProject } from "../../pipeline/pipeline.ts";
import type { Stack } from "../../places/compose/stack.ts";
import type { Journal } from "../../store/journal.ts";
import type { RunFolder } from "../../store/run-folder.ts";
import { ReadError } from "../read-error.ts";
import { findForeign, type SharedStream } from "./foreign.ts";
import { LokiClient, type LokiClientOptions } from "./loki-client.ts";
import { type ReadBackOptions, type ReadBackResult, readBack } from "./read-back.ts";
import { ReadWindow } from "./read-window.ts";

const lookTimeoutMs = 5_000;
const readTimeoutMs = 15_000;
const readRetries = 2;
/** In a message: more of them are no help. */
const maxNamed = 3;
const maxSampleLength = 200;

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
  #window: ReadWindow | undefined;

  constructor(options: LokiSideOptions) {
    this.#options = options;
  }

  /**
   * Follows what becomes readable.
   *
   * @param arrivals is told of every line seen
   * @param sources how many there are
   * @param signal asked anew for each request
   */
  watch(clock: LineClock, arrivals: Arrivals, sources: number, signal: () => AbortSignal): Watch {
    const { stack, seed } = this.#options;
    const client = new LokiClient({
      ...this.#access,
      // In every stack: what others write is not looked at while lines are followed.
      lineFilter: markOf(seed),
      baseUrl: () => stack.lokiUrl(),
      signal,
      timeoutMs: lookTimeoutMs,
      retries: 0,
    });
    const codec = new LineCodec(seed, clock);
    this.#window = new ReadWindow(clock);
    const { selector } = stack.pipeline;
    return new Watch({ client, selector, codec, arrivals, window: this.#window, sources });
  }

  /**
   * Looks, once every sentinel has come, whether the selector matches more than the run's own lines. Streams of others are named and
   * left out of everything that follows; lines of others in a stream of the run's own cannot be told from damage.
   *
   * @returns why the run cannot go on; undefined if it can
   */
  async checkSelector(): Promise<string | undefined> {
    const { stack, seed, journal } = this.#options;
    const { selector } = stack.pipeline;
    const skewMs = this.#window?.skewMs ?? 0;
    journal.add("clock", { skewSeconds: skewMs / 1_000 });
    // Where only the run's lines are asked for, nobody else's are seen.
    if (this.#access.lineFilter !== undefined || this.#window === undefined) return undefined;
    try {
      const client = this.#clientOf(() => stack.lokiUrl());
      const { beside, shared } = await findForeign(client, selector, this.#window.range(Date.now()), seed);
      if (beside.length > 0)
        journal.add("foreign", { streams: beside.length, text: describeBeside(selector, beside) });
      return shared && describeShared(selector, shared);
    } catch (thrown) {
      // Whatever cannot be read now is read, or told, when the run is over.
      if (!(thrown instanceof ReadError)) throw thrown;
      journal.add("foreign", { failure: thrown.message });
      return undefined;
    }
  }

  /** What the times of lines have to do with a verdict that is not `holds`. */
  get #clockRemarks(): Remark[] {
    const skewMs = this.#window?.skewMs ?? 0;
    return skewMs === 0 ? [] : [{ code: "clock-skew", skewMs }];
  }

  /** How to read everything of a ledger once. */
  readOptions(ledger: Ledger): Omit<ReadBackOptions, "writers"> {
    const { stack, folder, journal, signal } = this.#options;
    const client = this.#clientOf(() => stack.lokiUrl());
    const { selector } = stack.pipeline;
    return { client, selector, ledger, window: this.#window, folder, journal, signal };
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
    const result = await readBack({
      ...this.readOptions(ledger),
      client: this.#clientOf(async () => frontUrl),
      writers: stack
        .instancesOf(stack.pipeline.loki.writers)
        .map((writer) =>
          this.#clientOf(() => (writer === stack.pipeline.loki.reader ? stack.lokiUrl() : stack.url(writer))),
        ),
    });
    return { ...result, remarks: [...result.remarks, ...this.#clockRemarks] };
  }

  /** When the last of Loki's containers started, in Unix milliseconds: what was readable before, it may have lost; 0 if none is known. */
  async startedAtMs(): Promise<number> {
    const { stack } = this.#options;
    const instances = stack.instancesOf(Object.keys(stack.pipeline.loki.services));
    const states = await Promise.all(instances.map((instance) => stack.findState(instance)));
    // One that is gone took what it had with it, whenever that was.
    return Math.max(0, ...states.map((state) => state?.startedAtMs ?? Number.POSITIVE_INFINITY));
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

function describeBeside(selector: string, beside: string[]): string {
  const others = beside.length === 1 ? "one stream" : `${beside.length} streams`;
  return (
    `The selector ${selector} matches ${others} of others, which are left out: ${beside.slice(0, maxNamed).join(", ")}` +
    `${beside.length > maxNamed ? ", …" : ""}. A narrower loki.selector would not match them.`
  );
}

function describeShared(selector: string, { stream, lines, sample }: SharedStream): string {
  return (
    `Lines of others come into a stream of the run's own, where nobody can tell them from damaged ones: ${stream} holds ` +
    `${lines} of them, like ${JSON.stringify(sample.slice(0, maxSampleLength))}. Nothing was broken. Give the log files of ` +
    `loki.selector (${selector}) labels that no other logs have, or name a narrower selector.`
  );
}
