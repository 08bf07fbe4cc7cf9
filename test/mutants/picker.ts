import { slicesOf } from "../../src/sinks/loki/time-slices.ts";
import { type Entry, type History, slotsOf } from "./history.ts";
import type { Random } from "./random.ts";

/** A place in a history, by the index of its entry. */
export interface Place {
  index: number;
  where: string;
}

/** The lines of a batch, as a shipper pushes them. */
export const batchLines = 64;
/** Into how many time slices a stream is split, as in the reader. */
export const slicesPerStream = 4;
/** How many bytes of a file are read at once. */
const chunkBytes = 65_536;

/** Chooses the places of damage in histories: boundaries and random places. */
export class Picker {
  readonly random: Random;
  readonly #randomPlaces: number;
  readonly #edges: number;

  /**
   * @param edges how many boundaries to choose; all if there are fewer
   * @param randomPlaces how many other places
   */
  constructor(random: Random, edges: number, randomPlaces: number) {
    this.random = random;
    this.#edges = edges;
    this.#randomPlaces = randomPlaces;
  }

  /** Lines at boundaries, and some at random; no place twice. */
  lines(history: History): Place[] {
    const lines = history.entries.flatMap(({ sequence }, index) => (sequence > 0 ? index : []));
    if (lines.length === 0) return [];
    if (lines.length === 1) return [{ index: lines[0]!, where: "the only line" }];
    const edges = edgesOf(history, lines);
    const chosen = this.random.some(edges, this.#edges);
    const random = Array.from({ length: this.#randomPlaces }, () => this.random.oneOf(lines));
    const places = [...chosen, ...random.map((index) => ({ index, where: "a line at random" }))];
    const first = new Map(places.toReversed().map((place) => [place.index, place]));
    return [...first.values()].reverse();
  }

  /** Places for insertions: before all entries, after all, and before each line that `lines` chooses. */
  gaps(history: History): Place[] {
    const { length } = history.entries;
    return [
      { index: 0, where: "before everything" },
      ...this.lines(history).map(({ index, where }) => ({ index, where: `before ${where}` })),
      { index: length, where: "after everything" },
    ];
  }

  /** The sources that wrote at least so many lines. */
  sources(history: History, lines: number): string[] {
    return history.ledger.sources.filter(({ written }) => written >= lines).map(({ source }) => source);
  }
}

function edgesOf(history: History, lines: number[]): Place[] {
  const at = (where: string, ...indexes: (number | undefined)[]) =>
    indexes.flatMap((index) => (index === undefined ? [] : { index, where }));
  const slots = history.ledger.sources.map(({ source }) => slotsOf(history, source));
  return [
    ...at("the first line", lines[0]),
    ...at("the last line", lines.at(-1)),
    ...at("the only line of its source", ...slots.map((all) => (all.length === 1 ? all[0] : undefined))),
    ...at("the first line of a source", ...slots.map((all) => all[0])),
    ...at("the last line of a source", ...slots.map((all) => all.at(-1))),
    ...at("the last line of a batch", lines[batchLines - 1]),
    ...at("the first line of a batch", lines[batchLines]),
    ...at("the line across a border of the file's chunks", acrossChunks(history.entries)),
    ...slots.flatMap((all) => {
      const first = firstOfSecondSlice(history, all);
      if (first === undefined) return [];
      return [
        ...at("the first line of a slice", all[first]),
        ...at("the last line of a slice", all[first - 1]),
      ];
    }),
    ...at("the first line of a page of the tally", slots.map((all) => all[65_536 - 1]).find(Boolean)),
  ];
}

/** The first line that is neither whole in the first chunk of a file of raw lines nor whole in the second. */
function acrossChunks(entries: readonly Entry[]): number | undefined {
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    const end = bytes + entry.bytes.length;
    if (bytes < chunkBytes && end >= chunkBytes) return entry.sequence > 0 ? index : undefined;
    bytes = end + 1;
  }
  return undefined;
}

function firstOfSecondSlice({ entries }: History, slots: number[]): number | undefined {
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  const range = { startNs: entries[first]!.timestampNs, endNs: entries[last]!.timestampNs + 1n };
  const [, second] = slicesOf(range, slicesPerStream);
  const index = slots.findIndex((slot) => entries[slot]!.timestampNs >= second!.startNs);
  return index > 0 ? index : undefined;
}
