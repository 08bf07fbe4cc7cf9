import { ReadError } from "../../base/read-error.ts";
import { LineCodec, type LineShape, markOf } from "../../load/line.ts";
import type { StoredLine } from "../../places/memory/line-store.ts";
import { MemoryStack } from "../../places/memory/memory-stack.ts";
import { ReadWindow } from "../read-window.ts";
import { Sightings } from "../sightings.ts";
import type {
  FollowOptions,
  ObservedEntry,
  ReadExtent,
  Sink,
  SinkTotals,
  SinkWatch,
  SoughtTexts,
  WantedLines,
} from "../sink.ts";
import type { SinkOptions } from "../sink-options.ts";
import { anyOf } from "../sought-texts.ts";

/** The stores of the memory place as a sink. Stores that do not run or are paused do not answer. */
export class MemorySink implements Sink {
  readonly kind = "memory";
  readonly selector = "every line of the stores";
  readonly selectorKey = "selector";
  readonly skewMs = 0;
  /** Lines are stored before the call that sends them returns. */
  readonly lateCopiesMs = 0;
  readonly #stack: MemoryStack;
  readonly #seed: string;
  readonly #line: LineShape | undefined;

  constructor({ stack, seed, line }: Pick<SinkOptions, "stack" | "seed" | "line">) {
    this.#seed = seed;
    this.#line = line;
    if (!(stack instanceof MemoryStack)) throw new RangeError("expected the stack of a memory place");
    this.#stack = stack;
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async isReady(): Promise<boolean> {
    return this.#stack.readable !== undefined;
  }

  follow({ clock, arrivals }: FollowOptions): SinkWatch {
    const sightings = new Sightings(
      new LineCodec(this.#seed, clock, this.#line),
      arrivals,
      new ReadWindow(clock),
    );
    const seen = new Set<StoredLine>();
    const look = async () => {
      for (const line of this.#lines()) {
        if (seen.has(line)) continue;
        seen.add(line);
        sightings.see(line, Date.now());
      }
    };
    return Object.assign(sightings, { look });
  }

  async findForeign(): Promise<undefined> {}

  async read(_wanted: WantedLines, onEntry: (entry: ObservedEntry) => void): Promise<ReadExtent> {
    const lines = this.#lines();
    const bySource = Map.groupBy(lines, ({ source }) => source);
    for (const [source, ofSource] of bySource)
      for (const { timestampNs, line } of ofSource) onEntry({ timestampNs, line, stream: { source } });
    return { entries: lines.length, counted: lines.length, streams: bySource.size, foreign: [], queries: 1 };
  }

  async countOf({ seed, line: shape }: WantedLines): Promise<number> {
    const mark = markOf(seed, shape);
    return this.#lines().filter(({ line }) => line.includes(mark)).length;
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    const isSought = anyOf(sought);
    return this.#lines().filter(({ line }) => isSought(line)).length;
  }

  async flush(): Promise<undefined> {
    this.#lines();
    this.#stack.flush();
  }

  async totals(upAtMs: number): Promise<SinkTotals> {
    const states = await Promise.all(
      this.#stack.instances(Object.keys(this.#stack.pipeline.sink.services)).map((store) => store.state()),
    );
    const haveForgotten = states.some(({ startedAtMs }) => startedAtMs > upAtMs);
    return { received: haveForgotten ? undefined : this.#stack.received, discarded: {}, replay: undefined };
  }

  hintFor(): undefined {}

  /** @throws ReadError if no store serves */
  #lines(): StoredLine[] {
    const lines = this.#stack.readable;
    if (lines === undefined) {
      const message = "no store serves";
      throw new ReadError({ code: "unanswered", sink: this.kind, path: "/", message });
    }
    return lines;
  }
}
