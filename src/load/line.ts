import { UsageError } from "../base/errors.ts";
import { type Anchor, anchorAt, type Identity, identityAt, isSameLine, maxSequence } from "./anchors.ts";
import { type LineClock, nominalTime, TimeFormatter } from "./line-clock.ts";
import { endsBefore, framed, frameOf, type LineFrame, lengthBefore, textWithin } from "./line-frame.ts";
import { type LineMarks, marksOf } from "./line-marks.ts";
import { hashOf, lineHash, TextPool } from "./text-pool.ts";

export { type Anchor, type Identity, maxSequence } from "./anchors.ts";
export type { LineClock } from "./line-clock.ts";

/** What a user has said about the lines of a run, and what the run has seen of them. */
export interface LineShape {
  /** What is written for each line; `pipeline/line-template.ts` says how. */
  template: string;
  /** How the sink has stored the sentinels, and so stores every line; absent as long as none was seen. */
  stored?: LineFrame | undefined;
}

/** What suffices to make every line of a run again. */
export interface LinesOfRun {
  seed: string;
  clock: LineClock;
  /** Absent if the lines are written as Everyline's own JSON. */
  line?: LineShape | undefined;
}

const seedForm = /^[A-Za-z0-9_-]{1,32}$/;
const sourceForm = /^[A-Za-z0-9_.-]{1,64}$/;
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

/** The mark of a run's lines; see `LineMarks`. */
export function markOf(seed: string, line?: LineShape): string {
  return marksOf(seed, line !== undefined).mark;
}

/** The codec of a run's lines, in the frame in which they are stored as far as that is known. */
export function codecFor({ seed, clock, line }: LinesOfRun): LineCodec {
  return new LineCodec(seed, clock, line);
}

/**
 * Writes and recognises the lines of one run. A line is a pure function of seed, clock, source and sequence:
 *
 *     {"id":"SEED/SOURCE/7","time":"2026-01-01T00:00:00.006000000Z","level":"info","message":"Test log 7 …","end":"SEED/SOURCE/7"}
 *
 * about 190 bytes of UTF-8. In a template of the user's it is shorter, and has no character that JSON escapes:
 *
 *     id=SEED/SOURCE/7 Test log 7 … end=SEED/SOURCE/7
 *
 * Its identity is at both ends, so that the fragments of a cut line can still be identified.
 */
export class LineCodec {
  readonly seed: string;
  readonly clock: LineClock;
  /** What is around the identities in every line. */
  readonly marks: LineMarks;
  readonly #pool: TextPool;
  readonly #times = new TimeFormatter();
  readonly #sources = new Map<string, SourceParts>();
  readonly #mark: string;
  readonly #head: string;
  /** What was given of the lines; undefined for Everyline's own JSON. */
  readonly shape: LineShape | undefined;
  /** How the lines are written; undefined for Everyline's own JSON. */
  readonly written: LineFrame | undefined;
  /** How they are stored; undefined if that is not known. */
  readonly #stored: LineFrame | undefined;
  readonly #lengthBefore: number;

  /** @throws UsageError if the seed is not a valid seed of a run, or the template is not valid */
  constructor(seed: string, clock: LineClock, line?: LineShape) {
    this.seed = parseSeed(seed);
    this.clock = clock;
    this.shape = line;
    this.marks = marksOf(seed, line !== undefined);
    this.#pool = new TextPool(seed, line !== undefined);
    this.#mark = `${seed}/`;
    this.#head = this.marks.head + this.#mark;
    this.written = line && frameOf(line.template);
    this.#stored = line?.stored;
    this.#lengthBefore = this.#stored === undefined ? 0 : lengthBefore(this.#stored);
  }

  /**
   * The text of a line, without its newline: as it is stored, without what is around it in JSON; as it is written, if it is not known how it
   * is stored.
   *
   * @param sequence from 1 to `maxSequence`, or 0 for the sentinel
   * @throws RangeError if the sequence is not valid
   */
  encode(source: string, sequence: number): string {
    const frame = this.#stored ?? this.written;
    return frame === undefined
      ? this.#ownJson(source, sequence)
      : framed(frame, this.bare(source, sequence), this.timeOf(sequence));
  }

  /** The text of a line as it is written. */
  encodeWritten(source: string, sequence: number): string {
    return this.written === undefined
      ? this.#ownJson(source, sequence)
      : framed(this.written, this.bare(source, sequence), this.timeOf(sequence));
  }

  /** What stands for `{line}` in a template. */
  bare(source: string, sequence: number): string {
    const { head, tail, hash } = this.#partsOf(source, sequence);
    return `${head}${sequence}${this.marks.second}${sequence} ${this.#padding(hash, sequence)} ${tail}${sequence}`;
  }

  /** The time of a line, as it is written. */
  timeOf(sequence: number): string {
    return this.#times.format(nominalTime(this.clock, sequence));
  }

  /** Which line a text is, byte for byte; undefined for everything else. */
  decode(text: string): Identity | undefined {
    if (this.written === undefined) return this.#decodeAt(text, 0);
    if (this.#stored === undefined) return this.#decodePiece(text);
    const inner = textWithin(this.#stored, text);
    return inner === undefined ? undefined : this.#decodeAt(inner, this.#lengthBefore);
  }

  /** The part of a stored text that has to be a line: a string in its JSON, if the lines are stored in one. */
  lineTextIn(text: string): string {
    return (this.#stored && textWithin(this.#stored, text)) ?? text;
  }

  /**
   * Which line a text contains, byte for byte, if the sink stores something of others around each line, which may differ from line to line.
   * The text must contain nothing else of the run.
   */
  decodeAmidst(text: string): Identity | undefined {
    return this.#stored?.isForeign ? this.lineWithin(this.lineTextIn(text)) : undefined;
  }

  /** Whether it is known, byte for byte, which text a sink stores for a line. */
  get isKnownWhole(): boolean {
    if (this.written === undefined) return true;
    return this.#stored !== undefined && this.#stored.within === undefined && !this.#stored.isForeign;
  }

  /** Which line stands somewhere in a text, byte for byte; undefined if the text contains anything else of the run. */
  lineWithin(text: string): Identity | undefined {
    const [head, tail, ...others] = this.anchorsIn(text);
    const identity = head?.identity;
    if (identity === undefined || others.length > 0 || !isSameLine(identity, tail?.identity))
      return undefined;
    return text.includes(this.bare(identity.source, identity.sequence)) ? identity : undefined;
  }

  /** How lines in Everyline's own JSON begin, up to the name of their source. */
  get beginning(): string {
    return this.#head;
  }

  /** Whether a text begins as the lines of the run do, or as what is left of one whose beginning is missing. */
  isBegunBy(text: string): boolean {
    return this.#lengthBegun(text) !== undefined;
  }

  /**
   * Whether a text begins as the lines of the run do, and nothing else can explain its beginning: it is an intact line, or has nothing before
   * its identity. What stands before the identity of a damaged line may as well be something that does not belong to it: a time, for instance.
   */
  isSurelyBegunBy(text: string): boolean {
    const length = this.#lengthBegun(text);
    return (
      length === 0 || (length !== undefined && (this.decode(text) ?? this.decodeAmidst(text)) !== undefined)
    );
  }

  /** How many characters of what stands before the identity a text begins with; undefined if it does not begin as a line does. */
  #lengthBegun(text: string): number | undefined {
    if (this.written === undefined) return text.startsWith(this.#head) ? 0 : undefined;
    if (this.#stored !== undefined) {
      const isBegun = this.#stored.within === undefined && text.startsWith(this.#head, this.#lengthBefore);
      return isBegun ? this.#lengthBefore : undefined;
    }
    const start = text.indexOf(this.#head);
    return start !== -1 && endsBefore(this.written, text.slice(0, start)) ? start : undefined;
  }

  /** Whether a text can be the end of what stands before the identity at the beginning of a line. */
  canPrecede(text: string): boolean {
    const { head } = this.marks;
    const frame = this.#stored ?? this.written;
    if (frame === undefined || head.endsWith(text)) return head.endsWith(text);
    return text.endsWith(head) && endsBefore(frame, text.slice(0, -head.length));
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
      anchors.push(anchorAt(text, start, start + this.#mark.length, this.marks));
      start = this.#nextMark(text, start + this.#mark.length);
    }
    return anchors;
  }

  #ownJson(source: string, sequence: number): string {
    const { head, tail, hash } = this.#partsOf(source, sequence);
    const time = this.timeOf(sequence);
    return `${head}${sequence}"${this.marks.second}${time}","level":"info","message":"Test log ${sequence} ${this.#padding(hash, sequence)}",${tail}${sequence}"}`;
  }

  #padding(hash: number, sequence: number): string {
    return this.#pool.cut(lineHash(hash, sequence));
  }

  /** @param start where the line begins in the text */
  #decodeAt(text: string, start: number): Identity | undefined {
    if (!text.startsWith(this.#head, start)) return undefined;
    const identity = identityAt(text, start + this.#head.length);
    if (identity === undefined || this.encode(identity.source, identity.sequence) !== text) return undefined;
    return identity;
  }

  /** A contiguous piece of a line as it was written, with the whole of `{line}` in it: what a pipeline may leave of a line. */
  #decodePiece(text: string): Identity | undefined {
    const identity = this.lineWithin(text);
    const isPiece = identity && this.encodeWritten(identity.source, identity.sequence).includes(text);
    return isPiece ? identity : undefined;
  }

  #nextMark(text: string, from: number): number {
    let start = text.indexOf(this.#mark, from);
    // Inside a longer name the same letters belong to another run's seed or to the name of a source.
    while (start > 0 && nameCharacter.test(text[start - 1]!)) start = text.indexOf(this.#mark, start + 1);
    return start;
  }

  #partsOf(source: string, sequence: number): SourceParts {
    if (!Number.isInteger(sequence) || sequence < 0 || sequence > maxSequence) {
      throw new RangeError(`a sequence is an integer from 0 to ${maxSequence}, not ${sequence}`);
    }
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    // Damaged texts may name sources that do not exist; those must not fill the memory.
    if (this.#sources.size >= maxCachedSources) this.#sources.clear();
    const identity = `${this.#mark}${parseSource(source)}/`;
    const { head, tail } = this.marks;
    const parts = { head: head + identity, tail: tail + identity, hash: hashOf(identity) };
    this.#sources.set(source, parts);
    return parts;
  }
}

interface SourceParts {
  head: string;
  tail: string;
  hash: number;
}
