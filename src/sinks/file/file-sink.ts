import { LineCodec } from "../../load/line.ts";
import type { LineClock } from "../../load/line-clock.ts";
import type {
  FollowOptions,
  ForeignLines,
  ObservedEntry,
  Sink,
  SinkTotals,
  SinkWatch,
  SoughtTexts,
  WantedLines,
} from "../sink.ts";
import type { SinkOptions } from "../sink-options.ts";
import { lineFilterOf } from "../sink-url.ts";
import { FileReading } from "./file-reading.ts";
import { FileWatch } from "./file-watch.ts";
import { ForeignFileLines } from "./foreign-file-lines.ts";
import { SinkFiles } from "./sink-files.ts";

/**
 * The files in which a pipeline ends: what the OpenTelemetry Collector, Vector, Fluent Bit or rsyslog writes into a folder of its container.
 *
 * They are read while the process that writes them is down, too: they are there without it. Only a container that is gone cannot be read. A
 * file keeps no time of a line, so nothing is known of clocks, and it counts nothing of itself; there is nothing that could be told to
 * write what it holds to a store.
 */
export class FileSink implements Sink {
  readonly kind = "file";
  readonly selectorKey = "file.path";
  readonly skewMs = 0;
  readonly #options: SinkOptions;
  readonly #files: SinkFiles;
  readonly #reading: FileReading;
  #clock: LineClock | undefined;

  /** @throws UnavailableError if the place cannot read files */
  constructor(options: SinkOptions) {
    this.#options = options;
    this.#files = new SinkFiles(options.stack);
    const { signal } = options;
    this.#reading = new FileReading({ files: this.#files, lineFilter: lineFilterOf(options), signal });
  }

  get selector(): string {
    return this.#files.path;
  }

  get lateCopiesMs(): number {
    return this.#reading.lateCopiesMs;
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async isReady(): Promise<boolean> {
    return this.#files.assertThere().then(
      () => true,
      () => false,
    );
  }

  follow(options: FollowOptions): SinkWatch {
    this.#clock = options.clock;
    const { seed, line } = this.#options;
    return new FileWatch(this.#files, new LineCodec(seed, options.clock, line), options);
  }

  async findForeign(): Promise<ForeignLines | undefined> {
    const { seed, line } = this.#options;
    if (lineFilterOf(this.#options) !== undefined || this.#clock === undefined) return undefined;
    const others = new ForeignFileLines(seed);
    const { foreign } = await this.#reading.read({ seed, clock: this.#clock, line }, ({ stream, line }) =>
      others.add(stream.file!, line),
    );
    return others.found(foreign);
  }

  async read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void) {
    return this.#reading.read(wanted, onEntry);
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    return this.#reading.countAnyOf(sought);
  }

  async totals(): Promise<SinkTotals> {
    return { received: undefined, discarded: {}, replay: undefined };
  }

  hintFor(): undefined {}
}
