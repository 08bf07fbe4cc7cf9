import type { DamageKind } from "../../../src/judge/damage.ts";
import type { Entry, History } from "../history.ts";
import { type Effect, type Found, type Kind, rangesOf } from "../kind.ts";
import { type LineText, lineTextOf } from "../line-text.ts";
import type { Place } from "../picker.ts";
import type { Random } from "../random.ts";

/** The damaged form of a line, as one text or several; undefined if it cannot be damaged in this way. */
type Damaging = (line: LineText, random: Random) => (string | Buffer)[] | string | Buffer | undefined;

/**
 * A kind that damages a line, once in place of the line and once in addition to it: a damaged line is lost as well, unless there is an
 * intact copy.
 */
export function damaging(name: string, found: DamageKind | Found, damage: Damaging): Kind {
  return {
    name,
    isLocal: true,
    effects: (history, pick) =>
      pick.lines(history).flatMap((place) => {
        const made = damage(lineTextOf(history.entries[place.index]!, history.ledger.seed), pick.random);
        if (made === undefined) return [];
        const texts = Array.isArray(made) ? made : [made];
        return [inPlace(history, place, texts, found), beside(history, place, texts, found)];
      }),
  };
}

function inPlace(
  history: History,
  { index, where }: Place,
  texts: (string | Buffer)[],
  found: DamageKind | Found,
): Effect {
  const line = history.entries[index]!;
  return {
    where,
    entries: history.entries.toSpliced(index, 1, ...texts.map((text) => readAs(line, text))),
    found: typeof found === "string" ? { [found]: texts.length } : found,
    lost: rangesOf(history.ledger, [line]),
  };
}

function beside(
  history: History,
  place: Place,
  texts: (string | Buffer)[],
  found: DamageKind | Found,
): Effect {
  const line = history.entries[place.index]!;
  const damaged = inPlace(history, place, texts, found);
  return {
    ...damaged,
    where: `beside ${place.where}`,
    entries: damaged.entries.toSpliced(place.index, 0, line),
    lost: [],
  };
}

/** An entry that is read with another text. */
export function readAs(entry: Entry, text: string | Buffer): Entry {
  return { ...entry, bytes: Buffer.from(text) };
}
