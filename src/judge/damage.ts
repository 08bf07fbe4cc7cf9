import { type Anchor, type Identity, isSameLine } from "../load/anchors.ts";
import type { LineCodec } from "../load/line.ts";

/** The kind of damage of a text that is not, byte for byte, a line of the run. */
export type DamageKind = "corrupted" | "truncated" | "merged" | "unexpected";

/** A damaged or foreign text, and the line that it was, if that can be determined. */
export interface Damage {
  kind: DamageKind;
  identity?: Identity;
}

const lastSingleByte = 0x7f;
const cutCharacters = /^(\uFFFD{0,3})([^\uFFFD]*)(\uFFFD?)$/;
const nothingPrintable = /^[\p{Cc}\p{Cf}\p{Z}\uFFFD]*$/u;

/**
 * Classifies a text that is not a line of the run. An *anchor* is a place that contains the seed as lines do,
 * `SEED/SOURCE/SEQUENCE`, at the head, at the tail, or elsewhere. The first rule that applies decides:
 *
 * 1. **unexpected**: no anchor. Foreign, empty, another run's, or so little of a line that it cannot be identified.
 * 2. **truncated**: a proper, contiguous piece of the line that an anchor in it names, cut between characters or inside one;
 *    or a piece that ends within the head anchor, whose number may then be cut too.
 * 3. **merged**, which must be proven by one of:
 *    - anchors no single line has: two heads, two tails, or a tail before a head;
 *    - a complete line and something printable before or after it;
 *    - a beginning of the line the head names followed by an end of the other line the tail names, byte for byte, unless
 *      all of the text except the field of one anchor is one and the same line: that is a changed number or name, not two cuts
 *      that happen to be at the same place.
 * 4. **corrupted**: everything else. A changed byte, number or source, a hole, an added carriage return, NUL or BOM, U+FFFD
 *    in place of invalid UTF-8, text that a part of the pipeline escaped or rewrote.
 *
 * Only the first eight anchors of a text are considered. Of a line that is stored in a JSON object, its string is what is considered.
 */
export function damageOf(stored: string, codec: LineCodec): Damage {
  const text = codec.lineTextIn(stored);
  const anchors = codec.anchorsIn(text);
  if (anchors.length === 0) return { kind: "unexpected" };
  const named = anchors.flatMap(({ identity }) => identity ?? []);
  return (
    truncation(text, anchors, codec) ??
    (isTangled(anchors) ? { kind: "merged" } : undefined) ??
    completeLineAndMore(text, named, codec) ??
    twoNames(text, anchors, codec) ?? { kind: "corrupted", ...sameIdentity(named) }
  );
}

function truncation(text: string, anchors: Anchor[], codec: LineCodec): Damage | undefined {
  for (const { start, open, identity } of anchors) {
    if (open && codec.canPrecede(text.slice(0, start))) return { kind: "truncated" };
    if (identity === undefined || !isPieceOf(text, codec.encode(identity.source, identity.sequence)))
      continue;
    // After the cut there may have been more digits, so the text is a piece of this line, and of others.
    return open ? { kind: "truncated" } : { kind: "truncated", identity };
  }
  return undefined;
}

function isPieceOf(text: string, line: string): boolean {
  const [, before, piece, after] = cutCharacters.exec(text) ?? [];
  if (piece === undefined) return false;
  const start = line.indexOf(piece);
  if (start === -1) return false;
  // A cut inside a character leaves U+FFFD for the rest of it, but only if the line has a character of several bytes there.
  const isCut = (index: number) => line.charCodeAt(index) > lastSingleByte;
  return (before === "" || isCut(start - 1)) && (after === "" || isCut(start + piece.length));
}

function isTangled(anchors: Anchor[]): boolean {
  const roles = anchors.map(({ role }) => role).filter((role) => role !== "loose");
  return roles.length > 2 || (roles.length === 2 && (roles[0] === roles[1] || roles[0] === "tail"));
}

function completeLineAndMore(text: string, named: Identity[], codec: LineCodec): Damage | undefined {
  for (const identity of named) {
    const line = codec.encode(identity.source, identity.sequence);
    const start = text.indexOf(line);
    if (start === -1) continue;
    const more = text.slice(0, start) + text.slice(start + line.length);
    return nothingPrintable.test(more) ? { kind: "corrupted", identity } : { kind: "merged" };
  }
  return undefined;
}

/** The head names one line and the tail another: one of the names was changed, or two torn lines met. */
function twoNames(text: string, anchors: Anchor[], codec: LineCodec): Damage | undefined {
  const head = anchors.find(({ role }) => role === "head");
  const tail = anchors.find(({ role }) => role === "tail");
  if (head?.identity === undefined || tail?.identity === undefined) return undefined;
  if (isSameLine(head.identity, tail.identity)) return undefined;
  const headLine = codec.encode(head.identity.source, head.identity.sequence);
  const tailLine = codec.encode(tail.identity.source, tail.identity.sequence);
  // The whole field, because a changed byte right after the number may look like a further digit of it, or like its end.
  if (afterFirstField(text, codec) === afterFirstField(tailLine, codec)) {
    return { kind: "corrupted", identity: tail.identity };
  }
  const tailStart = codec.anchorsIn(headLine)[1]!.start;
  if (text.slice(0, tail.start) === headLine.slice(0, tailStart)) {
    return { kind: "corrupted", identity: head.identity };
  }
  const pieces = commonPrefix(text, headLine) + commonSuffix(text, tailLine);
  return pieces >= text.length ? { kind: "merged" } : undefined;
}

function afterFirstField(text: string, { marks }: LineCodec): string {
  return text.slice(text.indexOf(marks.second));
}

function sameIdentity(named: Identity[]): { identity?: Identity } {
  const [first] = named;
  return first !== undefined && named.every((identity) => isSameLine(identity, first))
    ? { identity: first }
    : {};
}

// Both come to an end with the shorter text: beyond a text's ends stands NaN, which equals nothing.
function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}

function commonSuffix(one: string, other: string): number {
  let length = 0;
  while (one.charCodeAt(one.length - 1 - length) === other.charCodeAt(other.length - 1 - length)) length++;
  return length;
}
