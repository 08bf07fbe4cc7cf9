import type { Kind } from "../kind.ts";
import type { LineText } from "../line-text.ts";
import type { Random } from "../random.ts";
import { damaging } from "./damage.ts";

const newline = 0x0a;
const severalBytes = /[^\0-\x7f]/;

function flipBit({ text }: LineText, random: Random): Buffer {
  const bytes = Buffer.from(text);
  const place = random.integer(0, bytes.length - 1);
  const bits = [0, 1, 2, 3, 4, 5, 6, 7].map((bit) => bytes[place]! ^ (1 << bit));
  // A newline would split it into two lines, which is a separate kind.
  bytes[place] = random.oneOf(bits.filter((byte) => byte !== newline));
  return bytes;
}

function spoil({ text }: LineText, random: Random): Buffer {
  const bytes = Buffer.from(text);
  bytes[random.oneOf([0, bytes.length - 1, random.integer(0, bytes.length - 1)])] = 0xff;
  return bytes;
}

/** Replaces a part of the message, with at least one character and never all of it. */
function inMessage(
  { text, message }: LineText,
  random: Random,
  replace: (stretch: string) => string,
): string {
  const from = random.integer(message.start, message.end - 2);
  const to = random.integer(from + 1, message.end - 1);
  return text.slice(0, from) + replace(text.slice(from, to)) + text.slice(to);
}

/** Replaces the source in the first identity, the last, or both. */
function rename({ text, source, head, tail, markLength }: LineText, name: string, ends: string): string {
  const at = (start: number) => start + markLength;
  const [first, last] = [ends === "tail" ? source : name, ends === "head" ? source : name];
  return [
    text.slice(0, at(head.start)),
    first,
    text.slice(at(head.start) + source.length, at(tail.start)),
    last,
    text.slice(at(tail.start) + source.length),
  ].join("");
}

/** Replaces the number in the first identity, the message or the last identity. */
function renumber(
  { text, sequence, head, tail, message }: LineText,
  number: string,
  places: string[],
): string {
  const digits = `${sequence}`.length;
  const first = places.includes("head") ? number : `${sequence}`;
  const middle = places.includes("message") ? number : `${sequence}`;
  const last = places.includes("tail") ? number : `${sequence}`;
  const inMessage = message.start + "Test log ".length;
  return [
    text.slice(0, head.end - digits),
    first,
    text.slice(head.end, inMessage),
    middle,
    text.slice(inMessage + digits, tail.end - digits),
    last,
    text.slice(tail.end),
  ].join("");
}

const otherNumber = (sequence: number, random: Random) =>
  `${random.oneOf([sequence + 1, sequence + random.integer(2, 99), sequence * 10 + random.integer(0, 9)])}`;

const renumbered = (places: string[]) =>
  damaging(`another number in the ${places.join(", the ")}`, "corrupted", (line, random) =>
    renumber(line, otherNumber(line.sequence, random), places),
  );

const renamed = (ends: string) =>
  damaging(`another source at ${ends}`, "corrupted", (line, random) =>
    rename(line, random.oneOf(["another", `${line.source}1`, `x${line.source}`]), ends),
  );

/** The same JSON, serialized in another way. */
function writtenAnew(name: string, write: (fields: Record<string, string>) => string): Kind {
  return damaging(`written anew: ${name}`, "corrupted", ({ text }) => write(JSON.parse(text)));
}

export const corruptions: Kind[] = [
  damaging("a bit flipped", "corrupted", flipBit),
  damaging("a byte that is no UTF-8", "corrupted", spoil),
  damaging("a carriage return behind", "corrupted", ({ text }) => `${text}\r`),
  damaging("a space behind", "corrupted", ({ text }) => `${text} `),
  damaging("a tab in front", "corrupted", ({ text }) => `\t${text}`),
  damaging("NULs behind", "corrupted", ({ text }) => `${text}\0\0\0`),
  damaging("a byte order mark in front", "corrupted", ({ text }) => `\uFEFF${text}`),
  damaging("a stretch of NULs", "corrupted", (line, random) =>
    inMessage(line, random, (stretch) => "\0".repeat(stretch.length)),
  ),
  damaging("a hole", "corrupted", (line, random) => inMessage(line, random, () => "")),
  damaging("a stretch twice", "corrupted", (line, random) =>
    inMessage(line, random, (stretch) => stretch + stretch),
  ),
  damaging("a stretch masked", "corrupted", (line, random) => inMessage(line, random, () => "***")),
  damaging("the case of a letter changed", "corrupted", ({ text }, random) => {
    const letters = [...text.matchAll(/[a-z]/g)].map(({ index }) => index);
    const index = random.oneOf(letters);
    return text.slice(0, index) + text[index]!.toUpperCase() + text.slice(index + 1);
  }),
  damaging("another time", "corrupted", ({ text }) => text.replace('"time":"2026-', '"time":"2025-')),
  damaging("another level", "corrupted", ({ text }) => text.replace('"info"', '"warn"')),
  damaging("a field more", "corrupted", ({ text }) => text.replace(',"level"', ',"host":"x","level"')),
  renumbered(["head"]),
  renumbered(["tail"]),
  renumbered(["head", "tail"]),
  renumbered(["message"]),
  renumbered(["head", "message", "tail"]),
  damaging("a leading zero at both ends", "corrupted", (line) =>
    renumber(line, `0${line.sequence}`, ["head", "tail"]),
  ),
  damaging(
    "a digit for the quotation mark behind the first number",
    "corrupted",
    ({ text, head }, random) => text.slice(0, head.end) + random.integer(0, 9) + text.slice(head.end + 1),
  ),
  damaging("a slash within the last number", "corrupted", ({ text, sequence, tail }) =>
    sequence < 10 ? undefined : `${text.slice(0, tail.end - 1)}/${text.slice(tail.end - 1)}`,
  ),
  renamed("head"),
  renamed("tail"),
  renamed("both ends"),
  damaging("UTF-8 read as Latin-1", "corrupted", ({ text }) =>
    severalBytes.test(text) ? Buffer.from(text).toString("latin1") : undefined,
  ),
  damaging("question marks for what is not ASCII", "corrupted", ({ text }) =>
    severalBytes.test(text) ? text.replace(/[^\0-\x7f]/gu, "?") : undefined,
  ),
  damaging("escapes for what is not ASCII", "corrupted", ({ text }) =>
    severalBytes.test(text)
      ? text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      : undefined,
  ),
  writtenAnew("with spaces", (fields) => JSON.stringify(fields, null, 1).replaceAll("\n", "")),
  writtenAnew("its fields in another order", (fields) =>
    JSON.stringify(Object.fromEntries(Object.entries(fields).reverse())),
  ),
  writtenAnew("as a JSON string", (fields) => JSON.stringify(JSON.stringify(fields))),
  writtenAnew("in an object", (fields) => JSON.stringify({ text: JSON.stringify(fields) })),
  writtenAnew("as key=value", (fields) =>
    Object.entries(fields)
      .map(([key, value]) => `${key}=${value}`)
      .join(" "),
  ),
];
