import { type Entry, type History, slotsOf } from "../history.ts";
import { type Effect, type Kind, linesAmong, rangesOf } from "../kind.ts";
import { batchLines, type Place } from "../picker.ts";

const secondNs = 1_000_000_000n;

/** A history in which some entries are repeated, at a place after the originals. */
function withCopies(history: History, where: string, copies: readonly Entry[], before: number): Effect {
  return {
    where,
    entries: history.entries.toSpliced(before, 0, ...copies),
    found: { duplicated: linesAmong(copies) },
    lost: [],
    duplicated: rangesOf(history.ledger, copies),
  };
}

/** A kind that puts a copy of a line right after it. */
function copied(name: string, isLocal: boolean, copyOf: (entry: Entry, history: History) => Entry): Kind {
  return {
    name,
    isLocal,
    effects: (history, pick) =>
      pick
        .lines(history)
        .map(({ index, where }) =>
          withCopies(history, where, [copyOf(history.entries[index]!, history)], index + 1),
        ),
  };
}

const sameTime = copied("a line twice, with the same timestamp", true, (entry) => entry);

const otherTime = copied("a line twice, with a new timestamp", true, (entry) => ({
  ...entry,
  timestampNs: entry.timestampNs + secondNs,
}));

const otherStream = copied("a line twice, in another stream", true, (entry) => ({
  ...entry,
  stream: `${entry.stream}-again`,
}));

const atTheEnd: Kind = {
  name: "a line again at the very end",
  isLocal: true,
  effects: (history, pick) =>
    pick
      .lines(history)
      .map(({ index, where }) =>
        withCopies(history, where, [history.entries[index]!], history.entries.length),
      ),
};

const tooEarly: Kind = {
  name: "a copy before its line's turn",
  isLocal: true,
  effects: (history, pick) =>
    pick.lines(history).flatMap(({ index, where }) => {
      const entry = history.entries[index]!;
      const before = slotsOf(history, entry.source).filter((slot) => slot < index);
      if (before.length === 0) return [];
      const position = pick.random.integer(0, before.length - 1);
      return {
        where,
        entries: history.entries.toSpliced(before[position]!, 0, entry),
        // All lines between the copy and the line come after a higher sequence.
        found: { duplicated: 1, reordered: before.length - position },
        lost: [],
        duplicated: rangesOf(history.ledger, [entry]),
      };
    }),
};

const manyTimes: Kind = {
  name: "a line some hundred times, more than a byte counts",
  isLocal: true,
  effects: (history, pick) =>
    pick.lines(history).map(({ index, where }) => {
      const copies = new Array<Entry>(pick.random.oneOf([254, 255, 256, 700])).fill(history.entries[index]!);
      return withCopies(history, where, copies, index + 1);
    }),
};

const source: Kind = {
  name: "a whole source twice",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 1).map((name) => {
      const all = history.entries.filter((entry) => entry.source === name);
      return withCopies(history, name, all, history.entries.length);
    }),
};

const everything: Kind = {
  name: "everything twice",
  isLocal: false,
  effects: (history) => [withCopies(history, "everywhere", history.entries, history.entries.length)],
};

const batch: Kind = {
  name: "a batch sent again",
  isLocal: false,
  effects: (history, pick) => {
    const batches = Math.ceil(history.entries.length / batchLines);
    return [...new Set([0, batches - 1, pick.random.integer(0, batches - 1)])].map((batch) => {
      const end = (batch + 1) * batchLines;
      return withCopies(history, `batch ${batch + 1}`, history.entries.slice(end - batchLines, end), end);
    });
  },
};

const overlap: Kind = {
  name: "batches that overlap",
  isLocal: false,
  effects: (history, pick) => {
    const overlapping = pick.random.integer(1, 5);
    const again = history.entries.filter(
      (_, index) =>
        index % batchLines >= batchLines - overlapping &&
        history.entries.length > index - (index % batchLines) + batchLines,
    );
    if (again.length === 0) return [];
    const entries = Array.from({ length: Math.ceil(history.entries.length / batchLines) }, (_, batch) =>
      history.entries.slice(
        Math.max(0, batch * batchLines - (batch === 0 ? 0 : overlapping)),
        (batch + 1) * batchLines,
      ),
    );
    return [{ ...withCopies(history, `by ${overlapping}`, again, 0), entries: entries.flat() }];
  },
};

/** A line that is replaced by a second copy of another one, so that the number of lines is right. */
function inPlaceOf(history: History, { index, where }: Place, other: number): Effect {
  const [gone, copy] = [history.entries[index]!, history.entries[other]!];
  // If the copy comes before its line, all lines between the two come after a higher sequence.
  const between = slotsOf(history, copy.source).filter((slot) => slot > index && slot < other);
  return {
    where,
    entries: history.entries.with(index, copy),
    found: { duplicated: 1, reordered: between.length },
    lost: rangesOf(history.ledger, [gone]),
    duplicated: rangesOf(history.ledger, [copy]),
  };
}

const cancelInSource: Kind = {
  name: "a loss and a duplicate of one source, which cancel in its count",
  isLocal: true,
  effects: (history, pick) =>
    pick.lines(history).flatMap((place) => {
      const slots = slotsOf(history, history.entries[place.index]!.source);
      const others = slots.filter((slot) => slot !== place.index);
      return others.length === 0 ? [] : inPlaceOf(history, place, pick.random.oneOf(others));
    }),
};

const cancelAcross: Kind = {
  name: "a loss and a duplicate of two sources, which cancel in the sum",
  isLocal: false,
  effects: (history, pick) =>
    pick.lines(history).flatMap((place) => {
      const { source } = history.entries[place.index]!;
      const others = history.entries.flatMap((entry, index) =>
        entry.source !== source && entry.sequence > 0 ? index : [],
      );
      return others.length === 0 ? [] : inPlaceOf(history, place, pick.random.oneOf(others));
    }),
};

const cancelTail: Kind = {
  name: "the tail lost and as much of the head twice",
  isLocal: true,
  effects: (history, pick) =>
    pick.sources(history, 2).map((name) => {
      const slots = slotsOf(history, name);
      const count = pick.random.integer(1, Math.floor(slots.length / 2));
      const at = (slot: number) => history.entries[slot]!;
      const [head, tail] = [slots.slice(0, count), slots.slice(-count)];
      const copyAt = new Map(tail.map((slot, position) => [slot, at(head[position]!)]));
      return {
        where: name,
        entries: history.entries.map((entry, index) => copyAt.get(index) ?? entry),
        found: { duplicated: count },
        lost: rangesOf(history.ledger, tail.map(at)),
        duplicated: rangesOf(history.ledger, head.map(at)),
      };
    }),
};

const hidden: Kind = {
  name: "copies that the store counts and does not answer",
  isLocal: false,
  effects: (history, pick) => {
    const hiddenCopies = pick.random.integer(1, 9);
    const { entries } = history;
    return [{ where: "out of sight", entries, hiddenCopies, found: { duplicated: hiddenCopies }, lost: [] }];
  },
};

export const copies: Kind[] = [
  sameTime,
  otherTime,
  otherStream,
  atTheEnd,
  tooEarly,
  manyTimes,
  source,
  everything,
  batch,
  overlap,
  cancelInSource,
  cancelAcross,
  cancelTail,
  hidden,
];
