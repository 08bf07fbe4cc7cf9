import type { Kind } from "../kind.ts";
import { damaging } from "./damage.ts";

/** The position of a character of several bytes in a text, in bytes; undefined if there is none. */
function insideCharacter(text: string, offset: number): number | undefined {
  const bytes = Buffer.from(text);
  const lead = bytes.findIndex((byte) => byte >= 0xc0);
  if (lead === -1) return undefined;
  const length = bytes[lead]! < 0xe0 ? 2 : bytes[lead]! < 0xf0 ? 3 : 4;
  return lead + 1 + (offset % (length - 1));
}

/** Lines of which one piece is left, and lines that were split. */
export const pieces: Kind[] = [
  damaging("the last character missing", "truncated", ({ text }) => text.slice(0, -1)),
  damaging("the first character missing", "truncated", ({ text }) => text.slice(1)),
  damaging("cut behind the first identity", "truncated", ({ text, head }, random) =>
    text.slice(0, random.integer(head.end + 1, text.length - 1)),
  ),
  damaging(
    "cut within the first identity, behind the seed",
    "truncated",
    ({ text, head, markLength }, random) => text.slice(0, random.integer(head.start + markLength, head.end)),
  ),
  damaging("begun before the last identity", "truncated", ({ text, tail }, random) =>
    text.slice(random.integer(1, tail.start)),
  ),
  damaging("nothing but the last identity left", "truncated", ({ text, tail }) => text.slice(tail.start)),
  damaging("both ends cut, the first identity left", "truncated", ({ text, head, tail }, random) =>
    text.slice(random.integer(1, head.start), random.integer(head.end + 1, tail.start)),
  ),
  damaging("cut inside a character", "truncated", ({ text }, random) => {
    const cut = insideCharacter(text, random.integer(0, 2));
    return cut === undefined ? undefined : Buffer.from(text).subarray(0, cut);
  }),
  damaging("begun inside a character", "truncated", ({ text }, random) => {
    const cut = insideCharacter(text, random.integer(0, 2));
    return cut === undefined ? undefined : Buffer.from(text).subarray(cut);
  }),
  damaging("cut before the seed was whole", "unexpected", ({ text, head, markLength }, random) =>
    text.slice(0, random.integer(1, head.start + markLength - 1)),
  ),
  damaging("nothing but some of the message left", "unexpected", ({ text, message }, random) => {
    const from = random.integer(message.start, message.end - 1);
    return text.slice(from, random.integer(from + 1, message.end));
  }),
  damaging("begun within the last seed", "unexpected", ({ text, tail, markLength }, random) =>
    text.slice(random.integer(tail.start + 1, Math.min(tail.start + markLength, text.length - 1))),
  ),
  damaging("emptied", "unexpected", () => ""),
  damaging("all in capitals", "unexpected", ({ text }) => text.toUpperCase()),
  damaging("its slashes escaped", "unexpected", ({ text }) => text.replaceAll("/", "\\/")),
  damaging("split between its identities", { truncated: 2 }, ({ text, head, tail }, random) => {
    const cut = random.integer(head.end + 1, tail.start);
    return [text.slice(0, cut), text.slice(cut)];
  }),
  damaging(
    "split before the first seed was whole",
    { unexpected: 1, truncated: 1 },
    ({ text, head, markLength }, random) => {
      const cut = random.integer(1, head.start + markLength - 1);
      return [text.slice(0, cut), text.slice(cut)];
    },
  ),
  damaging(
    "split within the last seed",
    { truncated: 1, unexpected: 1 },
    ({ text, tail, markLength }, random) => {
      const cut = random.integer(tail.start + 1, tail.start + markLength - 1);
      return [text.slice(0, cut), text.slice(cut)];
    },
  ),
  damaging(
    "split in three, nothing in the middle",
    { truncated: 2, unexpected: 1 },
    ({ text, message }, random) => {
      const cut = random.integer(message.start, message.end);
      return [text.slice(0, cut), "", text.slice(cut)];
    },
  ),
];
