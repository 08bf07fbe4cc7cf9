import { UsageError } from "../base/errors.ts";
import { type LineClock, nominalTime, TimeFormatter } from "./line-clock.ts";
import { hashOf, mixed, TextPool } from "./text-pool.ts";

export type { LineClock } from "./line-clock.ts";

/** Identifies a line of a run. Sequences start at 1; 0 is the sentinel, which proves that the pipeline works and is never counted. */
export interface Identity {
  source: string;
  sequence: number;
}

/** A place in a text that contains the seed of the run as a line does: `SEED/SOURCE/SEQUENCE`. */
export interface Anchor {
  /** Whether it is at the place where a line begins, where a line ends, or anywhere else. */
  role: "head" | "tail" | "loose";
  /** Where the seed begins, in UTF-16 units. */
  start: number;
  /** Whether the text ends inside it or right after it, so that digits or letters may be missing. */
  open: boolean;
  /** Which line it names; undefined if source or sequence are damaged or cut off. */
  identity: Identity | undefined;
}

/** The highest sequence of a source; larger numbers in a text are damage. */
export const maxSequence = 1_000_000_000;
/** The beginning of every line, before its identity. */
export const headMark = '{"id":"';
/** The text after the field of the first identity in every line. */
export const secondField = ',"time":"';
/** The text before the identity at the end of every line. */
const tailMark = '"end":"';
/** The end of every line, after its identity. */
const closing = '"}';

const seedForm = /^[A-Za-z0-9_-]{1,32}$/;
const sourceForm = /^[A-Za-z0-9_.-]{1,64}$/;
const identityForm = /([A-Za-z0-9_.-]{1,64})\/(0|[1-9][0-9]{0,9})(?![0-9])/y;
const openForm = /(?:[A-Za-z0-9_.-]{0,64}|[A-Za-z0-9_.-]{1,64}\/(?:0|[1-9][0-9]{0,9})?)$/y;
const nameCharacter = /[A-Za-z0-9_.\-/]/;
const maxAnchors = 8;
const maxCachedSources = 4_096;

/**
 * Validates a seed that comes from outside.
 *
 * @throws UsageError unless it is 1 to 32 letters, digits, `_` or `-`
 */
export function parseSeed(text: string): string {
  if (seedForm.test(text)) return text;
  throw new UsageError(
    `expected a seed of 1 to 32 letters, digits, "_" or "-", got ${JSON.stringify(text)}; choose one like "run-7".`,
  );
}

/**
 * Validates the name of a source that comes from outside.
 *
 * @throws UsageError unless it is 1 to 64 letters, digits, `_`, `.` or `-`
 */
export function parseSource(text: string): string {
  if (sourceForm.test(text)) return text;
  throw new UsageError(
    `expected a source name of 1 to 64 letters, digits, "_", "." or "-", got ${JSON.stringify(text)}; ` +
      `choose one like "app-1".`,
  );
}

/**
 * A text that every line of a run contains twice, and that no text contains which only quotes a part of a line, as a sink does when it logs
 * a query: there the quotation marks are escaped.
 */
export function markOf(seed: string): string {
  return `":"${seed}/`;
}

/**
 * Writes and recognises the lines of one run. A line is a pure function of seed, clock, source and sequence:
 *
 *     {"id":"SEED/SOURCE/7","time":"2026-01-01T00:00:00.006000000Z","level":"info","message":"Test log 7 …","end":"SEED/SOURCE/7"}
 *
 * about 190 bytes of UTF-8. Its identity is at both ends, so that the fragments of a cut line can still be identified.
 */
export class LineCodec {
  readonly seed: string;
  readonly clock: LineClock;
  readonly #pool: TextPool;
  readonly #times = new TimeFormatter();
  readonly #sources = new Map<string, SourceParts>();
  readonly #mark: string;
  readonly #lineStart: string;

  /** @throws UsageError if the seed is not a valid seed of a run */
  constructor(seed: string, clock: LineClock) {
    this.seed = parseSeed(seed);
    this.clock = clock;
    this.#pool = new TextPool(seed);
    this.#mark = `${seed}/`;
    this.#lineStart = headMark + this.#mark;
  }

  /**
   * The text of a line, without its newline.
   *
   * @param sequence from 1 to `maxSequence`, or 0 for the sentinel
   * @throws RangeError if the sequence is not valid
   */
  encode(source: string, sequence: number): string {
    if (!Number.isInteger(sequence) || sequence < 0 || sequence > maxSequence) {
      throw new RangeError(`a sequence is an integer from 0 to ${maxSequence}, not ${sequence}`);
    }
    const parts = this.#partsOf(source);
    const time = this.#times.format(nominalTime(this.clock, sequence));
    const padding = this.#pool.cut(mixed(parts.hash ^ Math.imul(sequence, 0x9e3779b1)));
    return `${parts.head}${sequence}"${secondField}${time}","level":"info","message":"Test log ${sequence} ${padding}${parts.tail}${sequence}${closing}`;
  }

  /** Which line a text is, byte for byte; undefined for everything else. */
  decode(text: string): Identity | undefined {
    if (!text.startsWith(this.#lineStart)) return undefined;
    const identity = identityAt(text, this.#lineStart.length);
    if (identity === undefined || this.encode(identity.source, identity.sequence) !== text) return undefined;
    return identity;
  }

  /** Whether a text contains the seed of this run as a line does, damaged or not. */
  isBorneBy(text: string): boolean {
    return this.#nextMark(text, 0) !== -1;
  }

  /** The places where a text contains the seed, in their order; at most eight, while a whole line has two. */
  anchorsIn(text: string): Anchor[] {
    const anchors: Anchor[] = [];
    let start = this.#nextMark(text, 0);
    while (start !== -1 && anchors.length < maxAnchors) {
      anchors.push(anchorAt(text, start, start + this.#mark.length));
      start = this.#nextMark(text, start + this.#mark.length);
    }
    return anchors;
  }

  #nextMark(text: string, from: number): number {
    let start = text.indexOf(this.#mark, from);
    // Inside a longer name the same letters belong to another run's seed or to the name of a source.
    while (start > 0 && nameCharacter.test(text[start - 1]!)) start = text.indexOf(this.#mark, start + 1);
    return start;
  }

  #partsOf(source: string): SourceParts {
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    // Damaged texts may name sources that do not exist; those must not fill the memory.
    if (this.#sources.size >= maxCachedSources) this.#sources.clear();
    const identity = `${this.#mark}${parseSource(source)}/`;
    const parts = { head: headMark + identity, tail: `",${tailMark}${identity}`, hash: hashOf(identity) };
    this.#sources.set(source, parts);
    return parts;
  }
}

interface SourceParts {
  head: string;
  tail: string;
  hash: number;
}

function identityAt(text: string, start: number): Identity | undefined {
  identityForm.lastIndex = start;
  const match = identityForm.exec(text);
  if (match === null) return undefined;
  const sequence = Number(match[2]);
  return sequence > maxSequence ? undefined : { source: match[1]!, sequence };
}

function anchorAt(text: string, start: number, afterSeed: number): Anchor {
  openForm.lastIndex = afterSeed;
  const open = openForm.test(text);
  return { role: roleAt(text, start), start, open, identity: identityAt(text, afterSeed) };
}

function roleAt(text: string, start: number): Anchor["role"] {
  if (text.startsWith(headMark, start - headMark.length)) return "head";
  if (text.startsWith(tailMark, start - tailMark.length)) return "tail";
  return "loose";
}
