import type { ReadError } from "../base/read-error.ts";
import type { ReadHint } from "../judge/proof-failure.ts";
import type { LinesOfRun } from "../load/line.ts";
import type { LineClock } from "../load/line-clock.ts";
import type { LineFrame } from "../load/line-frame.ts";
import type { SinkKind } from "../pipeline/sink-kind.ts";

/** A stream's labels. */
export type Labels = Record<string, string>;

/** One line as the sink returned it, with its time and its stream. */
export interface ObservedEntry {
  /** Unix nanoseconds; undefined where the sink keeps no time of a line. */
  readonly timestampNs: bigint | undefined;
  readonly line: string;
  readonly stream: Labels;
  /** The line as UTF-8, where the sink returned it so: to take these bytes is faster than to take the text. */
  readonly raw?: Buffer | undefined;
}

/** The result of a complete read. */
export interface ReadExtent {
  /** How many lines the sink returned. */
  entries: number;
  /** How many lines the sink itself counts. Never fewer than it returned; some sinks count copies that they omit from their answers. */
  counted: number;
  streams: number;
  /** The selectors of streams that match the selector but contain no line of the run; they were left out. */
  foreign: string[];
  queries: number;
}

/** The run whose lines are read. */
export type WantedLines = LinesOfRun;

/** Texts that a sink is asked to count. */
export interface SoughtTexts {
  texts: string[];
  /** Whether they are whole stored texts, or parts of them, as of lines with something around them that is not known. */
  are: "whole" | "parts";
}

/** Why a sink was not told to flush: it would not return lines from its store whose time is in the future. */
export interface Unflushed {
  /** How far the newest line's time is in the future, in milliseconds. */
  aheadMs: number;
}

/** How long shippers wait for a batch to fill, in milliseconds. A batch that was sent twice has arrived by then. */
export const batchWaitMs = 1_000;

/**
 * Reads a sink completely. Throws a ReadError if the sink does not answer or its answers contradict each other; then the result is not
 * known.
 */
export interface SinkReader {
  readonly kind: SinkKind;
  /** Which lines belong to the pipeline under test, in the sink's own query language. */
  readonly selector: string;
  /** How long after the last line a copy of a line may still arrive, in milliseconds; the two readings are at least this far apart. */
  readonly lateCopiesMs: number;
  /**
   * Reads every line that matches the selector, each as often as the sink has it, stream by stream in the sink's order of time, and lets
   * the sink count them as well. Streams without a line of the run are left out and named.
   *
   * @param onEntry takes each line
   * @throws ReadError if anything failed or the counts do not match
   */
  read(wanted: WantedLines, onEntry: (entry: ObservedEntry) => void): Promise<ReadExtent>;
  /**
   * How many lines are equal to one of some texts, or contain one of them, counted by the sink in the range of the last `read`. A sink that
   * takes only so many texts in a query stops at the first query that finds one.
   *
   * @param sought any number of texts
   * @throws ReadError if it does not answer
   */
  countAnyOf(sought: SoughtTexts): Promise<number>;
  /**
   * How many lines of the run the sink has, by its own count, which takes much less time than reading them. It counts copies and the lines that
   * prove the path as well. Absent for a sink that does not count.
   *
   * @throws ReadError if it does not answer
   */
  countOf?(wanted: WantedLines): Promise<number>;
  /**
   * If lines of the run are missing, makes sure that they are not outside the range of the last `read`. Absent for a sink that is always
   * read completely.
   *
   * @throws ReadError if they may be be
   */
  assertNothingBeyond?(wanted: WantedLines): Promise<void>;
  /**
   * Lets the sink write the lines in its memory to its store, and waits until it has. Absent if this cannot be requested.
   *
   * @returns why the sink was not told to flush; undefined if it was
   * @throws ReadError if it does not finish in time
   */
  flush?(): Promise<Unflushed | undefined>;
}

/** Receives every line of the run that is seen. */
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
  /** Called for each request; its signal aborts the request. */
  signal: () => AbortSignal;
}

/**
 * Follows a running pipeline: each `look` reads what arrived since the last one. It shows progress, latency, and when everything has
 * arrived. It is not evidence of what is lost.
 */
export interface SinkWatch {
  /** The sources whose sentinel has been read. */
  readonly sentinels: ReadonlySet<string>;
  /** A text with the mark of the run that equals none of its lines; undefined if none was seen. */
  readonly altered: string | undefined;
  /** How the sink stores the lines, by the first sentinel that was read; undefined before, and for lines in Everyline's own JSON. */
  readonly frame: LineFrame | undefined;
  /** When a line or a copy of one last arrived, in Unix milliseconds. */
  readonly lastMovedAtMs: number;
  /**
   * Reads what is new.
   *
   * @throws ReadError if the sink does not answer; the next look continues where this one stopped
   */
  look(): Promise<void>;
}

/** A stream with lines of the run and lines of other sources. */
export interface SharedStream {
  /** Its selector. */
  stream: string;
  /** How many of its lines do not contain the seed of the run. */
  lines: number;
  /** One of them. */
  sample: string;
}

/** What a selector matches in addition to the lines of the run. */
export interface ForeignLines {
  /** The selectors of streams without a line of the run. */
  beside: string[];
  /** The first stream with lines of both; undefined if there is none. */
  shared: SharedStream | undefined;
}

/** What a sink's ingesters report about the write-ahead logs that they replayed when they last started. */
interface Replay {
  recoveredEntries: number;
  corruptions: number;
  /** The names of the metrics with these figures. */
  metrics: [recovered: string, corrupted: string];
}

/** The counters of a sink. */
export interface SinkTotals {
  /** The number of lines that it accepted; undefined if an instance was restarted, which resets its counters, or if no counter is known. */
  received: number | undefined;
  /** The number of lines that it refused since it last started, by its own reasons. */
  discarded: Record<string, number>;
  /** Undefined if it has no write-ahead log, or if an ingester does not answer. */
  replay: Replay | undefined;
}

/** Where the lines of a pipeline end up and are read back. */
export interface Sink extends SinkReader {
  /** Whether an address of it is known, so that it can be reached at all. */
  isReachable(): Promise<boolean>;
  /** Whether it answers queries now. */
  isReady(): Promise<boolean>;
  /**
   * How far the times of the run's sentinels are ahead of this machine's clock; negative if behind; 0 if the difference is negligible or no
   * sentinel was seen yet.
   */
  readonly skewMs: number;
  /** The key of the user's configuration that says which streams are read, such as `file.path`. */
  readonly selectorKey: string;
  follow(options: FollowOptions): SinkWatch;
  /**
   * Looks for lines of other sources that the selector matches. To be called when every sentinel has arrived.
   *
   * @returns undefined if every query is restricted to the run's lines, so that no others can be seen
   * @throws ReadError if it does not answer
   */
  findForeign(): Promise<ForeignLines | undefined>;
  /** @param upAtMs an instance that was started after this time was restarted; Unix milliseconds */
  totals(upAtMs: number): Promise<SinkTotals>;
  /** What to do about an error that it returned; undefined if there is no advice. */
  hintFor(error: ReadError): ReadHint | undefined;
}
