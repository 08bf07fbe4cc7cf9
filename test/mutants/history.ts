import type { Ledger } from "../../src/load/ledger.ts";
import { LineCodec } from "../../src/load/line.ts";
import { nominalTime } from "../../src/load/line-clock.ts";

/** One text as it is read back, and its position. */
export interface Entry {
  source: string;
  /** The sequence of the line that it is, or was before the damage; 0 for a sentinel and for a text that was never a line. */
  sequence: number;
  /** What is read, without its newline. */
  bytes: Buffer;
  /** Unix nanoseconds, the timestamp of the line in a store. */
  timestampNs: bigint;
  /** The stream it is read from. */
  stream: string;
}

/** A ledger, and all of its lines as they are read back without any damage. */
export interface History {
  name: string;
  ledger: Ledger;
  codec: LineCodec;
  /** The sentinel and the lines of each source. */
  entries: readonly Entry[];
}

/** The order in which sources are read: one after the other, as from Loki, or one line of each in turn, as from one file for all. */
export type ReadingOrder = "stream by stream" | "in turn";

const clock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 500 };

/** @param written how many lines of each source were written */
export function historyOf(seed: string, written: Record<string, number>, order: ReadingOrder): History {
  const codec = new LineCodec(seed, clock);
  const sources = Object.entries(written).map(([source, count]) => ({ source, written: count, marks: [] }));
  const streams = sources.map(({ source, written }) =>
    Array.from({ length: written + 1 }, (_, sequence) => entryOf(codec, source, sequence)),
  );
  const longest = Math.max(...streams.map(({ length }) => length));
  const inTurn = () =>
    Array.from({ length: longest }, (_, sequence) => streams.flatMap((stream) => stream[sequence] ?? []));
  return {
    name: `${Object.values(written).join(" + ")} lines ${order}`,
    ledger: { schema: "everyline/ledger@1", seed, clock, sources },
    codec,
    entries: (order === "in turn" ? inTurn() : streams).flat(),
  };
}

/** A line of a run as it is read back intact. */
export function entryOf(codec: LineCodec, source: string, sequence: number): Entry {
  const { seconds, nanoseconds } = nominalTime(codec.clock, sequence);
  return {
    source,
    sequence,
    bytes: Buffer.from(codec.encode(source, sequence)),
    timestampNs: BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds),
    stream: source,
  };
}

/** The positions of a source's lines, without the sentinel. */
export function slotsOf({ entries }: History, source: string): number[] {
  return entries.flatMap((entry, index) => (entry.source === source && entry.sequence > 0 ? index : []));
}

/** How many lines of a source are at or after a position. */
export function linesFrom(history: History, index: number, source: string): number {
  return slotsOf(history, source).filter((slot) => slot >= index).length;
}
