import type { Ledger, SourceLedger } from "../../../src/load/ledger.ts";
import { type History, slotsOf } from "../history.ts";
import { type Effect, type Kind, rangesOf } from "../kind.ts";

/** Undamaged lines with a ledger that says something else. */
function against(
  history: History,
  where: string,
  sources: SourceLedger[],
  rest: Pick<Effect, "found" | "lost">,
): Effect {
  return { where, entries: history.entries, ledger: { ...history.ledger, sources }, ...rest };
}

/** The ledger's sources, one of them with another number of lines. */
function changed({ ledger }: History, source: string, written: number): SourceLedger[] {
  return ledger.sources.map((one) => (one.source === source ? { ...one, written } : one));
}

function shorter(
  name: string,
  byOf: (written: number, integer: (from: number, to: number) => number) => number,
): Kind {
  return {
    name,
    isLocal: false,
    effects: (history, pick) =>
      pick.sources(history, 1).map((source) => {
        const written = slotsOf(history, source).length;
        const by = byOf(written, (from, to) => pick.random.integer(from, to));
        return against(history, source, changed(history, source, written - by), {
          found: { unexpected: by },
          lost: [],
        });
      }),
  };
}

const longer: Kind = {
  name: "a ledger with more lines than were written",
  isLocal: false,
  effects: (history, pick) =>
    history.ledger.sources.map(({ source, written }) => {
      const to = written + pick.random.oneOf([1, 2, pick.random.integer(3, 500)]);
      return against(history, source, changed(history, source, to), {
        found: {},
        lost: [{ source, from: written + 1, to }],
      });
    }),
};

const sourceMissing: Kind = {
  name: "a ledger without a source that wrote",
  isLocal: false,
  effects: (history) =>
    history.ledger.sources.map(({ source, written }) => {
      const others = history.ledger.sources.filter((one) => one.source !== source);
      // Its sentinel is not a sentinel of this ledger either.
      return against(history, source, others, { found: { unexpected: written + 1 }, lost: [] });
    }),
};

const sourceMore: Kind = {
  name: "a ledger with a source that never wrote",
  isLocal: false,
  effects: (history, pick) => {
    const written = pick.random.integer(1, 99);
    const sources = [...history.ledger.sources, { source: "silent", written, marks: [] }];
    return [
      against(history, "silent", sources, { found: {}, lost: [{ source: "silent", from: 1, to: written }] }),
    ];
  },
};

const sourceRenamed: Kind = {
  name: "a ledger in which a source has another name",
  isLocal: false,
  effects: (history) =>
    history.ledger.sources
      .filter(({ written }) => written > 0)
      .map(({ source, written }) => {
        const sources = history.ledger.sources.map((one) =>
          one.source === source ? { ...one, source: `${source}-2` } : one,
        );
        const lost = [{ source: `${source}-2`, from: 1, to: written }];
        return against(history, source, sources, { found: { unexpected: written + 1 }, lost });
      }),
};

const swapped: Kind = {
  name: "a ledger in which two sources' counts are swapped",
  isLocal: false,
  effects: (history) => {
    const [one, other] = history.ledger.sources.toSorted((a, b) => a.written - b.written);
    if (one === undefined || other === undefined || one.written === other.written) return [];
    const sources = history.ledger.sources.map((source) => {
      if (source === one) return { ...source, written: other.written };
      return source === other ? { ...source, written: one.written } : source;
    });
    const by = other.written - one.written;
    const lost = [{ source: one.source, from: one.written + 1, to: other.written }];
    return [against(history, `${one.source}, ${other.source}`, sources, { found: { unexpected: by }, lost })];
  },
};

/** A ledger to which no text belongs, although the number of lines agrees. */
function otherwise(name: string, change: Partial<Ledger>, found: "unexpected" | "corrupted"): Kind {
  return {
    name,
    isLocal: false,
    effects: (history) => [
      {
        where: "everywhere",
        entries: history.entries,
        ledger: { ...history.ledger, ...change },
        found: { [found]: history.entries.length },
        lost: rangesOf(history.ledger, history.entries),
      },
    ],
  };
}

const epochMs = Date.UTC(2026, 0, 1) + 1;

export const ledgers: Kind[] = [
  shorter("a ledger with a line less than was written", () => 1),
  shorter("a ledger with fewer lines than were written", (written, integer) => integer(1, written)),
  shorter("a ledger in which a source wrote nothing", (written) => written),
  longer,
  sourceMissing,
  sourceMore,
  sourceRenamed,
  swapped,
  otherwise("a ledger of another seed", { seed: "another" }, "unexpected"),
  otherwise("a ledger of another start", { clock: { epochMs, linesPerSecond: 500 } }, "corrupted"),
];
