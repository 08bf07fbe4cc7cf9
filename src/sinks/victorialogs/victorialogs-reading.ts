import { sumOf } from "../../base/metrics.ts";
import { ReadError } from "../../base/read-error.ts";
import { markOf } from "../../load/line.ts";
import type { SinkKind } from "../../pipeline/sink-kind.ts";
import {
  batchWaitMs,
  type ObservedEntry,
  type ReadExtent,
  type SinkReader,
  type SoughtTexts,
  type WantedLines,
} from "../sink.ts";
import { inGroups } from "../sought-texts.ts";
import type { TimeRange } from "../time-range.ts";
import { containing, containingOneOf, equalToOneOf } from "./filters.ts";
import { labelsOf } from "./stream-labels.ts";
import type { MatchedStream, VictoriaLogsClient } from "./victorialogs-client.ts";

/** How many texts one query asks for. */
const textsPerQuery = 20;
/** The maximum number of lines in one query, which is about 10 MB. */
const linesPerSlice = 25_000;
/** A slice with too many lines is halved, but a slice of one nanosecond cannot be halved. This limits the number of slices. */
const maxSlices = 100_000;
/** VictoriaLogs writes its memory to disk every five seconds, and its `/metrics` lags by a second. */
const storeTimeoutMs = 30_000;
const storeProbeMs = 250;

/** A time range, and the number of a stream's lines that VictoriaLogs counts in it. */
interface Slice {
  range: TimeRange;
  lines: number;
}

/** What reading VictoriaLogs needs. */
export interface VictoriaLogsReadingOptions {
  client: VictoriaLogsClient;
  selector: string;
  /** Only lines that contain this text are read and counted; if absent, all that match the selector. */
  lineFilter?: string | undefined;
  /** Waits for a number of milliseconds. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Reads everything of a run from VictoriaLogs. Its queries have no limit for the length of a range or an answer, so the read covers all
 * times and no line can be outside of it. Each stream is read in time slices, and each slice must contain as many lines as VictoriaLogs
 * counts in it.
 */
export class VictoriaLogsReading implements SinkReader {
  readonly kind: SinkKind = "victorialogs";
  readonly lateCopiesMs = batchWaitMs;
  readonly #options: VictoriaLogsReadingOptions;
  #queries = 0;

  constructor(options: VictoriaLogsReadingOptions) {
    this.#options = options;
  }

  get selector(): string {
    return this.#options.selector;
  }

  async read({ seed, line }: WantedLines, onEntry: (entry: ObservedEntry) => void): Promise<ReadExtent> {
    const { client } = this.#options;
    await client.makeReadable();
    this.#queries = 0;
    const mark = containing(markOf(seed, line));
    const all = await client.streams(this.#filter);
    const own = await client.streams(`${this.#filter} ${mark}`);
    const isOwn = new Set(own.map(({ id }) => id));
    const foreign = all.filter(({ id }) => !isOwn.has(id));
    let entries = 0;
    for (const stream of own) entries += await this.#readStream(stream, onEntry);
    const counted = (await this.#countAll()) - foreign.reduce((sum, { lines }) => sum + lines, 0);
    if (counted !== entries)
      throw new ReadError({
        code: "counted-otherwise",
        sink: this.kind,
        stream: null,
        answered: entries,
        counted,
      });
    return {
      entries,
      counted,
      streams: own.length,
      foreign: foreign.map(({ stream }) => stream),
      queries: this.#queries,
    };
  }

  async countAnyOf(sought: SoughtTexts): Promise<number> {
    for (const { texts, are } of inGroups(sought, textsPerQuery)) {
      const filter = are === "whole" ? equalToOneOf(texts) : containingOneOf(texts);
      const found = await this.#options.client.count(`${this.#filter} ${filter}`);
      if (found > 0) return found;
    }
    return 0;
  }

  /** Waits until no line is left in memory, so that the next reading reads all acknowledged lines from disk. */
  async flush(): Promise<undefined> {
    const { client, wait } = this.#options;
    const deadlineMs = Date.now() + storeTimeoutMs;
    for (;;) {
      const metrics = await client.metrics();
      const inMemory = metrics.filter(({ name, labels }) =>
        name === "vl_storage_rows" ? labels.type === "storage/inmemory" : name === "vl_pending_rows",
      );
      if (sumOf(inMemory, "vl_storage_rows") + sumOf(inMemory, "vl_pending_rows") === 0) return undefined;
      if (Date.now() > deadlineMs)
        throw new ReadError({
          code: "still-in-memory",
          sink: this.kind,
          afterSeconds: storeTimeoutMs / 1_000,
        });
      await wait(storeProbeMs);
    }
  }

  /** The filter for all queries. */
  get #filter(): string {
    const { selector, lineFilter } = this.#options;
    return lineFilter === undefined ? selector : `${selector} ${containing(lineFilter)}`;
  }

  async #countAll(): Promise<number> {
    this.#queries++;
    return this.#options.client.count(this.#filter);
  }

  async #readStream({ stream, id }: MatchedStream, onEntry: (entry: ObservedEntry) => void): Promise<number> {
    const filter = `${this.#filter} _stream_id:${id}`;
    const labels = labelsOf(stream);
    let entries = 0;
    this.#queries++;
    const whole = await this.#options.client.span(filter);
    if (whole === undefined) throw new ReadError({ code: "named-uncounted", sink: this.kind, stream });
    // Used as a stack: the oldest slice is last, so that it is taken first.
    const slices: Slice[] = [whole];
    for (let taken = 0; ; taken++) {
      const slice = slices.pop();
      if (slice === undefined) return entries;
      const { range } = slice;
      if (slice.lines > linesPerSlice && range.endNs - range.startNs > 1n && taken < maxSlices) {
        slices.push(...(await this.#halves(filter, slice)));
        continue;
      }
      this.#queries++;
      const answered = await this.#options.client.entries(filter, range);
      if (answered.length !== slice.lines)
        throw new ReadError({
          code: "counted-otherwise",
          sink: this.kind,
          stream,
          answered: answered.length,
          counted: slice.lines,
        });
      for (const { timestampNs, line, stream: of } of answered) {
        if (of !== stream)
          throw new ReadError({ code: "other-stream", sink: this.kind, stream, answered: of });
        onEntry({ timestampNs, line, stream: labels });
      }
      entries += answered.length;
    }
  }

  async #halves(filter: string, { range, lines }: Slice): Promise<Slice[]> {
    const { startNs, endNs } = range;
    const middleNs = (startNs + endNs) / 2n;
    const older = { startNs, endNs: middleNs };
    this.#queries++;
    const inOlder = await this.#options.client.count(filter, older);
    return [
      { range: { startNs: middleNs, endNs }, lines: lines - inOlder },
      { range: older, lines: inOlder },
    ].filter((half) => half.lines > 0);
  }
}
