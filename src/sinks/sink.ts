import type { ReadError } from "../base/read-error.ts";
import type { LineClock } from "../load/line-clock.ts";
import type { SinkKind } from "../pipeline/sink-kind.ts";

/** A stream's labels. */
export type Labels = Record<string, string>;

/** One line as the sink holds it, and where it stood. */
export interface ObservedEntry {
  /** Unix nanoseconds; undefined where the sink keeps no time of a line. */
  timestampNs: bigint | undefined;
  line: string;
  stream: Labels;
}

/** How a complete read went. */
export interface ReadExtent {
  /** Lines that the sink answered. */
  entries: number;
  /** Lines that the sink counts itself, never fewer than it answered: some sinks count copies that they leave out of their answers. */
  counted: number;
  streams: number;
  /** The streams that match the selector, but hold no line of the run: left out. */
  foreign: string[];
  queries: number;
}

/** Which lines are read: those of one run. */
export interface WantedLines {
  seed: string;
  clock: LineClock;
}

/** Why a sink was not asked to write to its store: from there it would not answer lines whose time is still to come. */
export interface Unflushed {
  /** How far the newest line's time lies in the future. */
  aheadMs: number;
}

/** How long shippers wait for a batch to fill: a batch that was sent twice has come by then, in milliseconds. */
export const batchWaitMs = 1_000;

/** Reads a sink to the end. A sink that does not answer, or whose answers do not add up, is a ReadError: then nothing is known. */
export interface SinkReader {
  readonly kind: SinkKind;
  /** Which lines belong to the pipeline under test, in the sink's own query language. */
  readonly selector: string;
  /** How long after the last line a copy of one may still come, in milliseconds: so much lies between two readings. */
  readonly lateCopiesMs: number;
  /**
   * Reads every line that matches the selector, each as often as the sink holds it, stream by stream in the sink's order of time, and
   * has the sink count them as well. Streams that hold no line of the run are left out and named.
   *
   * @param onEntry takes each line
   * @throws ReadError if anything failed or did not add up
   */
  read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void): Promise<ReadExtent>;
  /**
   * How many lines are equal to one of some texts, counted by the sink where the last `read` read.
   *
   * @throws ReadError if it does not answer
   */
  countEqual(lines: string[]): Promise<number>;
  /**
   * Makes sure, where lines of the run are missing, that they do not lie where the last `read` did not read; absent for a sink that is
   * always read from one end to the other.
   *
   * @throws ReadError if they may
   */
  assertNothingBeyond?(wanted: WantedLines): Promise<void>;
  /**
   * Has the sink write what it holds in memory to its store, and waits until it has. Absent where nobody can ask for it.
   *
   * @returns why it was not asked to; undefined if it was
   * @throws ReadError if it does not come to an end
   */
  flush?(): Promise<Unflushed | undefined>;
}

/** Is told of every line of the run that is seen for the first time. */
export interface ArrivalRecorder {
  /**
   * @param atMs Unix milliseconds
   * @returns whether the line was seen for the first time
   */
  add(source: string, sequence: number, atMs: number): boolean;
}

/** What to follow. */
export interface FollowOptions {
  clock: LineClock;
  arrivals: ArrivalRecorder;
  /** How many sources there are, each with a sentinel. */
  sources: number;
  /** Asked anew for each request; ends it when it aborts. */
  signal: () => AbortSignal;
}

/**
 * Follows a running pipeline: each `look` reads what came since the last. It is how a run knows progress, latency and when all has
 * arrived; it is not evidence of what is lost.
 */
export interface SinkWatch {
  /** The sources whose sentinel could be read. */
  readonly sentinels: ReadonlySet<string>;
  /** A text that bears the mark of the run, but is none of its lines, byte for byte; undefined if none was seen. */
  readonly altered: string | undefined;
  /** When a line, or a further copy of one, last came, in Unix milliseconds. */
  readonly lastMovedAtMs: number;
  /**
   * Reads what is new.
   *
   * @throws ReadError if the sink does not answer; the next look goes on where this one stopped
   */
  look(): Promise<void>;
}

/** A stream in which lines of a run and lines of others lie. */
export interface SharedStream {
  /** Its selector. */
  stream: string;
  /** How many lines in it do not bear the seed of the run. */
  lines: number;
  /** One of them. */
  sample: string;
}

/** What a selector matches beside the lines of a run. */
export interface ForeignLines {
  /** The selectors of streams that hold no line of the run. */
  beside: string[];
  /** The first stream that holds both; undefined if there is none. */
  shared: SharedStream | undefined;
}

/** What a sink's ingesters say of the write-ahead logs they read when they last started. */
interface Replay {
  recoveredEntries: number;
  corruptions: number;
  /** The metrics that say so, in this order. */
  metrics: [recovered: string, corrupted: string];
}

/** What a sink counts of itself. */
export interface SinkTotals {
  /** Lines it took in; undefined where a part of it was started anew and has forgotten, or none is known. */
  received: number | undefined;
  /** Lines it refused since it last started, by its own reasons. */
  discarded: Record<string, number>;
  /** Undefined where it has no write-ahead log, or a part of it does not answer. */
  replay: Replay | undefined;
}

/** Where the lines of a pipeline end up and are read back. */
export interface Sink extends SinkReader {
  /** Whether it can be reached at all: an address of it is known. */
  isReachable(): Promise<boolean>;
  /** Whether it answers queries now. */
  isReady(): Promise<boolean>;
  /** How far the times of the run's sentinels are ahead of this machine's clock; negative if behind, 0 if hardly, or not seen yet. */
  readonly skewMs: number;
  /** The key of the user's configuration that says which streams are read, such as `file.path`. */
  readonly selectorKey: string;
  /** How lines of others are kept out of the streams of a run, as a sentence. */
  readonly hintForShared: string;
  follow(options: FollowOptions): SinkWatch;
  /**
   * Looks for lines of others that the selector matches, once every sentinel has come.
   *
   * @returns undefined where only lines of the run are asked for, so that no others are seen
   * @throws ReadError if it does not answer
   */
  findForeign(): Promise<ForeignLines | undefined>;
  /** @param upAtMs whatever part of it was started later than this was started anew; Unix milliseconds */
  totals(upAtMs: number): Promise<SinkTotals>;
  /** What one of its reasons for refusing lines means, where the reason does not speak for itself. */
  meaningOf(reason: string): string | undefined;
  /** What to do about an answer that is none; undefined where nothing is known. */
  hintFor(error: ReadError): string | undefined;
}
