import { LineCodec } from "../../../src/load/line.ts";
import { type Entry, entryOf, type History, linesFrom } from "../history.ts";
import type { Effect, Found, Kind } from "../kind.ts";
import type { Random } from "../random.ts";

/** A kind that inserts texts that nobody wrote. */
function added(name: string, textsOf: (history: History, random: Random) => (string | Buffer)[]): Kind {
  return {
    name,
    isLocal: true,
    effects: (history, pick) =>
      pick.gaps(history).map(({ index, where }) => {
        const { source } = history.ledger.sources[0]!;
        const texts = textsOf(history, pick.random);
        const entries = texts.map((text): Entry => {
          return { source, sequence: 0, bytes: Buffer.from(text), timestampNs: 0n, stream: source };
        });
        return withAdded(history, where, index, entries, { unexpected: texts.length });
      }),
  };
}

function withAdded(history: History, where: string, index: number, entries: Entry[], found: Found): Effect {
  return { where, entries: history.entries.toSpliced(index, 0, ...entries), found, lost: [] };
}

const twoMegabytes = 2 * 1_048_576;

const beyondWritten: Kind = {
  name: "lines beyond what was written",
  isLocal: true,
  effects: (history, pick) =>
    pick.gaps(history).map(({ index, where }) => {
      const { source, written } = pick.random.oneOf(history.ledger.sources);
      const ahead = pick.random.oneOf([1, 2, 1_000]);
      const copies = new Array<Entry>(pick.random.integer(1, 3)).fill(
        entryOf(history.codec, source, written + ahead),
      );
      // The following lines of its source come after a higher sequence.
      const reordered = linesFrom(history, index, source);
      return withAdded(history, where, index, copies, { unexpected: copies.length, reordered });
    }),
};

const long: Kind = {
  name: "a line of two megabytes",
  isLocal: true,
  effects: (history) => {
    const { source } = history.ledger.sources[0]!;
    const bytes = Buffer.alloc(twoMegabytes, "x");
    const entry = { source, sequence: 0, bytes, timestampNs: 0n, stream: source };
    return [withAdded(history, "after everything", history.entries.length, [entry], { unexpected: 1 })];
  },
};

export const foreigners: Kind[] = [
  added("an empty line", () => [""]),
  added("a blank line", (_, random) => [" ".repeat(random.integer(1, 9))]),
  added("a carriage return alone", () => ["\r"]),
  added("an alien line", () => ["2026-01-01T00:00:00Z GET /index.html 200"]),
  added("an alien line of JSON", () => ['{"level":"info","message":"Test log 3"}']),
  added("bytes that are no text", () => [Buffer.from([0xff, 0xfe, 0x00, 0x80])]),
  added("a line of another run", ({ ledger: { clock, sources } }) => [
    new LineCodec("other-run", clock).encode(sources[0]!.source, 1),
  ]),
  added("a line of a run whose seed ends like this one's", ({ ledger: { seed, clock, sources } }) => [
    new LineCodec(`x-${seed}`, clock).encode(sources[0]!.source, 1),
  ]),
  added("a line of a source that is not in the ledger", ({ codec }, random) => [
    codec.encode("ghost", random.integer(0, 9)),
  ]),
  added("several alien lines", () => ["alien", "", "alien"]),
  beyondWritten,
  long,
];
