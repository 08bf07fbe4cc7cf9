import type { Ledger } from "../../../src/load/ledger.ts";
import { entryOf, type History } from "../history.ts";
import type { Effect, Found, Kind } from "../kind.ts";
import { lineTextOf } from "../line-text.ts";
import type { Place } from "../picker.ts";
import { readAs } from "./damage.ts";

/** A partial line of a crash: its first characters, cut after its first identity and before the first character of several bytes. */
interface Torn {
  history: History;
  place: Place;
  source: string;
  sequence: number;
  text: string;
  /** How much more of it may be cut off so that it still ends after the identity. */
  spare: number;
}

/** A kind for partial lines that a crash of the application left before it wrote the line again; the ledger may contain them. */
function crashed(name: string, effect: (torn: Torn) => Effect): Kind {
  return {
    name,
    // The ledger contains it, or should.
    isLocal: false,
    effects: (history, pick) =>
      pick.lines(history).map((place) => {
        const entry = history.entries[place.index]!;
        const { text, head, message } = lineTextOf(entry, history.ledger.seed);
        const length = pick.random.integer(head.end + 2, message.start);
        const { source, sequence } = entry;
        return effect({
          history,
          place,
          source,
          sequence,
          text: text.slice(0, length),
          spare: length - head.end - 1,
        });
      }),
  };
}

function knowing({ ledger }: History, source: string, sequence: number, bytes: number): Ledger {
  const torn = [{ sequence, bytes }];
  return {
    ...ledger,
    sources: ledger.sources.map((one) => (one.source === source ? { ...one, torn } : one)),
  };
}

/** One or several copies of a partial line before the line itself. */
function left(
  { history, place, source, sequence, text }: Torn,
  times: number,
  found: Found,
  bytes?: number,
): Effect {
  const { index, where } = place;
  const copies = Array.from({ length: times }, () => readAs(history.entries[index]!, text));
  return {
    where,
    entries: history.entries.toSpliced(index, 0, ...copies),
    ...(bytes === undefined ? {} : { ledger: knowing(history, source, sequence, bytes) }),
    found,
    lost: [],
  };
}

/** Partial lines that the ledger contains, so that the checker must report nothing. */
export const accountedTears: Kind[] = [
  crashed("what a crash left of a line, in the ledger", (torn) => left(torn, 1, {}, torn.text.length)),
  crashed("what a crash left and never came back, in the ledger", (torn) =>
    left(torn, 0, {}, torn.text.length),
  ),
  crashed("what a crash left of a line that was never written whole", (torn) => {
    const { history, place, source } = torn;
    const { written } = history.ledger.sources.find((one) => one.source === source)!;
    const next = entryOf(history.codec, source, written + 1);
    const { head } = lineTextOf(next, history.ledger.seed);
    const bytes = head.end + 10;
    const entries = [...history.entries, readAs(next, next.bytes.subarray(0, bytes))];
    return {
      where: place.where,
      entries,
      ledger: knowing(history, source, written + 1, bytes),
      found: {},
      lost: [],
    };
  }),
];

/** Partial lines that differ from the ledger. */
export const tears: Kind[] = [
  crashed("what a crash left, not in the ledger", (torn) => left(torn, 1, { truncated: 1 })),
  crashed("what a crash left, three times", (torn) => left(torn, 3, { duplicated: 2 }, torn.text.length)),
  crashed("more left than the ledger has", (torn) =>
    left(torn, 1, { truncated: 1 }, torn.text.length - torn.spare),
  ),
  crashed("less left than the ledger has", (torn) => left(torn, 1, { truncated: 1 }, torn.text.length + 1)),
  crashed("what a crash left in place of the line", (torn) => {
    const { history, place, source, sequence } = torn;
    const effect = left(torn, 1, {}, torn.text.length);
    return {
      ...effect,
      entries: effect.entries.toSpliced(place.index + 1, 1),
      lost: [{ source, from: sequence, to: sequence }],
      ledger: knowing(history, source, sequence, torn.text.length),
    };
  }),
];
