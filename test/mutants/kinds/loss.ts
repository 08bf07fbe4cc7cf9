import type { Entry, History } from "../history.ts";
import { slotsOf } from "../history.ts";
import { type Effect, type Kind, rangesOf } from "../kind.ts";
import { batchLines } from "../picker.ts";

/** A history without some of its entries. */
function without(history: History, where: string, isLost: (entry: Entry, index: number) => boolean): Effect {
  const lost = history.entries.filter(isLost);
  return {
    where,
    entries: history.entries.filter((entry, index) => !isLost(entry, index)),
    found: {},
    lost: rangesOf(history.ledger, lost),
  };
}

/** A history without the lines of one source from one position to another, both included. */
function withoutBlock(history: History, source: string, where: string, from: number, to: number): Effect {
  const slots = new Set(slotsOf(history, source).slice(from, to + 1));
  return without(history, where, (_, index) => slots.has(index));
}

const oneLine: Kind = {
  name: "one line lost",
  isLocal: true,
  effects: (history, pick) =>
    pick.lines(history).map(({ index, where }) => without(history, where, (_, at) => at === index)),
};

const head: Kind = {
  name: "the head of a source lost",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).map((source) => {
      const lines = slotsOf(history, source).length;
      return withoutBlock(history, source, source, 0, pick.random.integer(1, lines - 1) - 1);
    }),
};

const middle: Kind = {
  name: "a block in the middle of a source lost",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 3).map((source) => {
      const lines = slotsOf(history, source).length;
      const from = pick.random.integer(1, lines - 2);
      return withoutBlock(history, source, source, from, pick.random.integer(from, lines - 2));
    }),
};

const tail: Kind = {
  name: "the tail of a source lost",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).map((source) => {
      const lines = slotsOf(history, source).length;
      return withoutBlock(history, source, source, pick.random.integer(1, lines - 1), lines - 1);
    }),
};

const everyNth: Kind = {
  name: "every k-th line lost",
  isLocal: true,
  effects: (history, pick) =>
    [2, 3, 10, pick.random.integer(4, 40)].flatMap((k) =>
      pick
        .sources(history, k)
        .map((source) =>
          without(history, `every ${k}th of ${source}`, (entry) =>
            entry.source === source ? entry.sequence > 0 && entry.sequence % k === 0 : false,
          ),
        ),
    ),
};

const source: Kind = {
  name: "a whole source lost, its sentinel with it",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 1).map((name) => without(history, name, (entry) => entry.source === name)),
};

const everything: Kind = {
  name: "everything lost",
  isLocal: false,
  effects: (history) => [without(history, "everywhere", () => true)],
};

const batch: Kind = {
  name: "a batch lost",
  isLocal: false,
  effects: (history, pick) => {
    const batches = Math.ceil(history.entries.length / batchLines);
    return [...new Set([0, batches - 1, pick.random.integer(0, batches - 1)])].map((batch) =>
      without(history, `batch ${batch + 1}`, (_, index) => Math.floor(index / batchLines) === batch),
    );
  },
};

const batchBorders: Kind = {
  name: "a line lost at every border of batches",
  isLocal: false,
  effects: (history) => {
    if (history.entries.length <= batchLines) return [];
    return [
      without(history, "the first of each", (_, index) => index > 0 && index % batchLines === 0),
      without(history, "the last of each", (_, index) => index % batchLines === batchLines - 1),
    ];
  },
};

export const losses: Kind[] = [
  oneLine,
  head,
  middle,
  tail,
  everyNth,
  source,
  everything,
  batch,
  batchBorders,
];
