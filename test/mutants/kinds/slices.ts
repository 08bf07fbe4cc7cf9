import { slicesOf } from "../../../src/sinks/loki/time-slices.ts";
import type { TimeRange } from "../../../src/sinks/time-range.ts";
import { type Entry, type History, slotsOf } from "../history.ts";
import { type Effect, type Kind, linesAmong, rangesOf } from "../kind.ts";
import { slicesPerStream } from "../picker.ts";

/** The lines of a source, cut by their times at the borders that the reader cuts at; each border is the time of a line. */
function sliced(history: History, source: string): { slices: TimeRange[]; lines: Entry[] } {
  const slots = slotsOf(history, source);
  const lines = slots.map((slot) => history.entries[slot]!);
  const [first, second] = lines;
  const intervalNs = second!.timestampNs - first!.timestampNs;
  const endNs = first!.timestampNs + intervalNs * BigInt(lines.length);
  return { slices: slicesOf({ startNs: first!.timestampNs, endNs }, slicesPerStream), lines };
}

/** A history of which one source is read anew, slice by slice. */
function readAgain(history: History, source: string, lines: Entry[]): Entry[] {
  const others = history.entries.filter((entry) => entry.source !== source || entry.sequence === 0);
  return [...others, ...lines];
}

/** Enough lines that each slice has two, in a number that puts every border on a line. */
function sourcesOf(history: History): string[] {
  return history.ledger.sources
    .filter(({ written }) => written >= 2 * slicesPerStream && written % slicesPerStream === 0)
    .map(({ source }) => source);
}

function kindOf(name: string, effect: (history: History, source: string) => Omit<Effect, "where">): Kind {
  return {
    name,
    isLocal: true,
    effects: (history) => sourcesOf(history).map((source) => ({ where: source, ...effect(history, source) })),
  };
}

const isIn = ({ timestampNs }: Entry, { startNs, endNs }: TimeRange) =>
  timestampNs >= startNs && timestampNs < endNs;

/** Not a damage: what a right reader does. */
export const slicesAsTheyAre = kindOf(
  "slices of time, each with its start and without its end",
  (history, source) => {
    const { slices, lines } = sliced(history, source);
    const read = slices.flatMap((slice) => lines.filter((line) => isIn(line, slice)));
    return { entries: readAgain(history, source, read), found: {}, lost: [] };
  },
);

const withEnd = kindOf("slices that hold their end as well: each border twice", (history, source) => {
  const { slices, lines } = sliced(history, source);
  const read = slices.flatMap((slice) =>
    lines.filter((line) => isIn(line, slice) || line.timestampNs === slice.endNs),
  );
  const borders = slices.slice(1).map(({ startNs }) => startNs);
  const twice = lines.filter(({ timestampNs }) => borders.includes(timestampNs));
  return {
    entries: readAgain(history, source, read),
    found: { duplicated: slicesPerStream - 1 },
    lost: [],
    duplicated: rangesOf(history.ledger, twice),
  };
});

const withoutStart = kindOf("slices without their start: each border lost", (history, source) => {
  const { slices, lines } = sliced(history, source);
  const starts = slices.map(({ startNs }) => startNs);
  const isLost = ({ timestampNs }: Entry) => starts.includes(timestampNs);
  const read = lines.filter((line) => !isLost(line));
  return {
    entries: readAgain(history, source, read),
    found: {},
    lost: rangesOf(history.ledger, lines.filter(isLost)),
  };
});

const sliceLost = kindOf("a slice never read", (history, source) => {
  const { slices, lines } = sliced(history, source);
  const gone = lines.filter((line) => isIn(line, slices[1]!));
  return {
    entries: readAgain(
      history,
      source,
      lines.filter((line) => !gone.includes(line)),
    ),
    found: {},
    lost: rangesOf(history.ledger, gone),
  };
});

const sliceTwice = kindOf("a slice read twice", (history, source) => {
  const { slices, lines } = sliced(history, source);
  const again = lines.filter((line) => isIn(line, slices.at(-1)!));
  return {
    entries: readAgain(history, source, [...lines, ...again]),
    found: { duplicated: linesAmong(again) },
    lost: [],
    duplicated: rangesOf(history.ledger, again),
  };
});

const slicesSwapped = kindOf("the answers for two slices swapped", (history, source) => {
  const { slices, lines } = sliced(history, source);
  const answers = slices.map((slice) => lines.filter((line) => isIn(line, slice)));
  const [first, second, ...rest] = answers;
  return {
    entries: readAgain(history, source, [...second!, ...first!, ...rest.flat()]),
    found: { reordered: first!.length },
    lost: [],
  };
});

export const slicings: Kind[] = [withEnd, withoutStart, sliceLost, sliceTwice, slicesSwapped];
