import { type Entry, type History, slotsOf } from "../history.ts";
import { type Effect, type Kind, rangesOf } from "../kind.ts";
import { betweenCharacters, type LineText, lineTextOf } from "../line-text.ts";
import type { Random } from "../random.ts";
import { damaging, readAs } from "./damage.ts";

const alone: Kind[] = [
  damaging("a container runtime's prefix", "merged", ({ text }) => `2026-01-01T00:00:00.1Z stdout F ${text}`),
  damaging("a letter in front", "merged", ({ text }) => `x${text}`),
  damaging("a word behind", "merged", ({ text }) => `${text} again`),
  damaging("colours around", "merged", ({ text }) => `\u001b[32m${text}\u001b[0m`),
  damaging("twice without a newline between", "merged", ({ text }) => text + text),
  damaging(
    "its beginning in front of it",
    "merged",
    ({ text }, random) => text.slice(0, random.integer(1, text.length - 1)) + text,
  ),
  damaging(
    "its end behind it",
    "merged",
    ({ text }, random) => text + text.slice(random.integer(1, text.length - 1)),
  ),
  damaging("its beginning twice", "merged", ({ text, head, tail }, random) =>
    text.slice(0, random.integer(head.end + 1, tail.start)).repeat(2),
  ),
];

/** A history in which one text replaces several entries, at the place of the first. */
function asOne(history: History, where: string, slots: number[], text: string): Effect {
  const gone = slots.map((slot) => history.entries[slot]!);
  const entries = history.entries.flatMap((entry, index) => {
    if (index === slots[0]) return readAs(entry, text);
    return slots.includes(index) ? [] : entry;
  });
  return { where, entries, found: { merged: 1 }, lost: rangesOf(history.ledger, gone) };
}

function joined(name: string, count: number): Kind {
  return {
    name,
    isLocal: false,
    effects: (history, pick) =>
      pick.lines(history).flatMap(({ index, where }) => {
        const slots = Array.from({ length: count }, (_, offset) => index + offset);
        if (slots.at(-1)! >= history.entries.length) return [];
        const texts = slots.map((slot) => history.entries[slot]!.bytes.toString("utf8"));
        return asOne(history, where, slots, texts.join(""));
      }),
  };
}

type Tear = (one: LineText, other: LineText, random: Random) => string;

/** A kind that merges pieces of two lines with different times into one text, each piece long enough to identify its line. */
function torn(name: string, isLocal: boolean, tear: Tear): Kind {
  return {
    name,
    isLocal,
    effects: (history, pick) =>
      pick.lines(history).flatMap(({ index, where }) => {
        const slot = partnerOf(history, index, isLocal);
        if (slot === undefined) return [];
        const [one, other] = [index, slot].map((at) =>
          lineTextOf(history.entries[at]!, history.ledger.seed),
        ) as [LineText, LineText];
        return asOne(history, where, [index, slot], tear(one, other, pick.random));
      }),
  };
}

/** The next line of the same source, or the next one of another source and another number. */
function partnerOf(history: History, index: number, isSameSource: boolean): number | undefined {
  const entry = history.entries[index]!;
  if (isSameSource) return slotsOf(history, entry.source).find((slot) => slot > index);
  const isOther = ({ source, sequence }: Entry) =>
    source !== entry.source && sequence !== entry.sequence && sequence > 0;
  const slot = history.entries.findIndex((other, at) => at > index && isOther(other));
  return slot === -1 ? undefined : slot;
}

/** Cut after the number in the message, so that the piece has the time and the number of its line. */
function cutIn({ text, sequence, message }: LineText, random: Random): string {
  const cut = random.integer(message.start + `Test log ${sequence} `.length, message.end);
  return text.slice(0, betweenCharacters(text, cut));
}

/** Begins before the message, but after the first identity. */
const begunIn = ({ text, head, message }: LineText, random: Random) =>
  text.slice(random.integer(head.end + 1, message.start));

const beginningAndEnd: Tear = (one, other, random) => cutIn(one, random) + begunIn(other, random);
const endAndBeginning: Tear = (one, other, random) => begunIn(one, random) + cutIn(other, random);
const beginningAndLine: Tear = (one, other, random) => cutIn(one, random) + other.text;
const lineAndEnd: Tear = (one, other, random) => one.text + begunIn(other, random);

export const merges: Kind[] = [
  ...alone,
  joined("two lines without a newline between", 2),
  joined("three lines without a newline between", 3),
  torn("a beginning and an end of the next line", true, beginningAndEnd),
  torn("a beginning and an end of another source's line", false, beginningAndEnd),
  torn("an end and a beginning of the next line", true, endAndBeginning),
  torn("a beginning and the whole next line", true, beginningAndLine),
  torn("a line and an end of the next", true, lineAndEnd),
];
