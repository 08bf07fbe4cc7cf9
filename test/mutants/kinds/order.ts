import { type Entry, type History, slotsOf } from "../history.ts";
import type { Effect, Kind } from "../kind.ts";

/** A history in which the lines of one source are in another order, in the same slots. */
function reordered(
  history: History,
  source: string,
  order: (lines: Entry[]) => Entry[],
  count: number,
): Effect {
  const slots = slotsOf(history, source);
  const lines = order(slots.map((slot) => history.entries[slot]!));
  const entries = [...history.entries];
  for (const [position, slot] of slots.entries()) entries[slot] = lines[position]!;
  return { where: source, entries, found: { reordered: count }, lost: [] };
}

const neighbours: Kind = {
  name: "two neighbours swapped",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).flatMap((source) => {
      const { length } = slotsOf(history, source);
      return [...new Set([0, length - 2, pick.random.integer(0, length - 2)])].map((first) =>
        reordered(history, source, (all) => all.with(first, all[first + 1]!).with(first + 1, all[first]!), 1),
      );
    }),
};

const farApart: Kind = {
  name: "two lines far apart swapped",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 3).map((source) => {
      const { length } = slotsOf(history, source);
      const first = pick.random.integer(0, length - 3);
      const second = pick.random.integer(first + 2, length - 1);
      const swap = (all: Entry[]) => all.with(first, all[second]!).with(second, all[first]!);
      // All lines between them, and the lower of the two, come after the higher one.
      return reordered(history, source, swap, second - first);
    }),
};

const rotated: Kind = {
  name: "a block rotated",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 3).map((source) => {
      const { length } = slotsOf(history, source);
      const from = pick.random.integer(0, length - 3);
      const to = pick.random.integer(from + 2, length);
      const turn = pick.random.integer(1, to - from - 1);
      const rotate = (all: Entry[]) => [
        ...all.slice(0, from),
        ...all.slice(from + turn, to),
        ...all.slice(from, from + turn),
        ...all.slice(to),
      ];
      return reordered(history, source, rotate, turn);
    }),
};

const backwards: Kind = {
  name: "a source backwards",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).map((source) => {
      const { length } = slotsOf(history, source);
      return reordered(history, source, (all) => all.toReversed(), length - 1);
    }),
};

const firstLast: Kind = {
  name: "the first line last",
  isLocal: true,
  effects: (history, pick) =>
    pick
      .sources(history, 2)
      .map((source) => reordered(history, source, ([first, ...rest]) => [...rest, first!], 1)),
};

const lastFirst: Kind = {
  name: "the last line first",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).map((source) => {
      const { length } = slotsOf(history, source);
      return reordered(history, source, (all) => [all.at(-1)!, ...all.slice(0, -1)], length - 1);
    }),
};

export const orders: Kind[] = [neighbours, farApart, rotated, backwards, firstLast, lastFirst];
