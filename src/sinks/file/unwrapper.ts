import { UsageError } from "../../base/errors.ts";
import type { LineCodec } from "../../load/line.ts";
import { knownExports } from "../known-exports.ts";
import { rawLineOf } from "./envelope.ts";
import { assertNothingAround, stackFor, unwrapped } from "./form-stack.ts";
import { beginsLine, byBearing } from "./forms/bearing.ts";
import type { FormReader } from "./forms/form.ts";
import { assertExport } from "./saved-answer.ts";
import { linesNamedIn } from "./surroundings.ts";

/** How many texts with the seed decide on the format. */
const sampleLines = 64;
/** How much is buffered, in characters and in texts, until so many have arrived. */
const maxHeldCharacters = 1_048_576;
const maxHeldTexts = 4_096;
/** Raw lines and JSON objects count as mixed if more than one line, and at least every eighth line of a sample, is in an object. */
const fewestMixed = 8;

/** The header of Grafana Explore's txt, which blank lines follow. */
const preamble =
  /^(?:Common labels: |"?Line limit: |"?Total bytes processed: |"?\d+ lines? (?:shown|displayed|returned))/;
/** Messages of the clients of sinks on standard error, and of journalctl before the first line. */
const notices = [...knownExports.map(({ notice }) => notice), /^-- (?:Journal|Logs) begin/];
const maxNotices = 16;

/**
 * Takes texts of an export in the order of reading and passes on the raw lines in them. The formats are decided once, by the
 * first texts that contain the seed of the run; a text in another format is passed on unchanged.
 */
export class Unwrapper {
  readonly #codec: LineCodec;
  readonly #bears: (text: string) => boolean;
  readonly #onLine: (text: string) => void;
  readonly #onUnwrapped: UnwrappedListener;
  #held: string[] = [];
  #heldCharacters = 0;
  #bearing = 0;
  #stack: FormReader[] | undefined;
  #notices = 0;
  #isPreamble = false;
  #mayHaveMark: boolean;
  #isBegun = false;
  #isMixed = false;
  #ofAnotherForm = 0;

  /**
   * @param mayHaveMark whether the first text is the beginning of a file, where a byte order mark may stand
   * @param onUnwrapped is told of each text out of which one format was taken, and of the line that was in it
   */
  constructor(
    codec: LineCodec,
    onLine: (text: string) => void,
    mayHaveMark = false,
    onUnwrapped: UnwrappedListener = () => {},
  ) {
    this.#codec = codec;
    this.#onUnwrapped = onUnwrapped;
    this.#bears = byBearing(codec);
    this.#mayHaveMark = mayHaveMark;
    this.#onLine = onLine;
  }

  /** Whether it is decided that the texts are lines already. */
  get isOfRawLines(): boolean {
    return this.#stack?.length === 0;
  }

  /** The formats that were removed, the outermost first. */
  get forms(): string[] {
    return (this.#stack ?? []).map(({ name }) => name);
  }

  /** @throws UsageError if the lines stand in a form that is not read */
  push(text: string): void {
    if (this.#stack !== undefined) this.#emit(text, this.#stack);
    else if (this.#isBegun || !this.#isNotice(text)) this.#hold(text);
  }

  /** @throws UsageError if the lines stand in a form that is not read, or there are none because they were not exported */
  end(): void {
    if (this.#stack === undefined) {
      assertExport(this.#held, this.#bears);
      this.#decide();
    }
    if (this.#ofAnotherForm >= sampleLines) throw new UsageError(severalForms(this.#ofAnotherForm));
    const stack = this.#stack!;
    for (const [index, reader] of stack.entries()) {
      for (const text of reader.end?.() ?? []) this.#unwrap(text, stack.slice(index + 1));
    }
  }

  #isNotice(text: string): boolean {
    const start = text.replace(/^\uFEFF/, "");
    if (preamble.test(start)) this.#isPreamble = true;
    else if (!notices.some((notice) => notice.test(start)) && !(this.#isPreamble && /^[\r ]*$/.test(text)))
      this.#isBegun = true;
    if (++this.#notices > maxNotices) this.#isBegun = true;
    return !this.#isBegun;
  }

  #hold(text: string): void {
    this.#held.push(text);
    this.#heldCharacters += text.length;
    if (this.#bears(text)) this.#bearing++;
    if (this.#bearing >= sampleLines) this.#decide();
    else if (this.#heldCharacters > maxHeldCharacters || this.#held.length >= maxHeldTexts) {
      // So far only lines of other sources: in any format, they are unexpected.
      if (this.#bearing > 0) this.#decide();
      else this.#release([]);
    }
  }

  #decide(): void {
    const first = this.#held.findIndex((text) => this.#bears(text));
    // If no format matches, they may be written in another way.
    const sample = this.#held.slice(Math.max(0, first));
    const stack = stackFor(sample, this.#codec);
    assertNothingAround(sample, stack, this.#codec);
    const bearing = sample.filter((text) => this.#bears(text));
    const outermost = stack[0]?.open();
    const isOfForm = (text: string) =>
      outermost !== undefined && unwrapped(text, outermost, this.#codec) !== undefined;
    const inObjects = bearing.filter(
      (text) => !isOfForm(text) && rawLineOf(text, this.#codec) !== text,
    ).length;
    this.#isMixed = inObjects > 1 && inObjects * fewestMixed >= bearing.length;
    // A byte order mark belongs to the file, unless the file consists only of raw lines.
    if (stack.length > 0 && this.#mayHaveMark) this.#held[0] = this.#held[0]!.replace(/^\uFEFF/, "");
    this.#stack = stack.map(({ open }) => open());
    this.#release(this.#stack);
  }

  #release(stack: FormReader[]): void {
    const held = this.#held;
    this.#held = [];
    this.#heldCharacters = 0;
    this.#mayHaveMark = false;
    for (const text of held) this.#emit(text, stack);
  }

  #emit(text: string, stack: FormReader[]): void {
    const [outermost, ...rest] = stack;
    const inner = outermost === undefined ? undefined : unwrapped(text, outermost, this.#codec);
    if (inner === undefined) {
      this.#onLine(this.#ofNoForm(text));
      return;
    }
    const [line] = inner;
    if (rest.length === 0 && inner.length === 1) this.#onUnwrapped(text, line!, outermost!);
    for (const one of inner) this.#unwrap(one, rest);
  }

  /** If raw lines and objects are mixed from the start, an object stands for its line; otherwise a single object is damage. */
  #ofNoForm(text: string): string {
    if (beginsLine(text, this.#codec) || !this.#bears(text)) return text;
    const line = rawLineOf(text, this.#codec);
    if (this.#isMixed) return line;
    if (line !== text && this.#codec.decode(line) !== undefined) this.#ofAnotherForm++;
    else if (this.#stack!.length > 0 && hasLine(text, this.#codec)) this.#ofAnotherForm++;
    return text;
  }

  #unwrap(text: string, [form, ...rest]: FormReader[]): void {
    const inner = form === undefined ? undefined : unwrapped(text, form, this.#codec);
    if (inner === undefined) this.#onLine(text);
    else for (const one of inner) this.#unwrap(one, rest);
  }
}

/** Takes a text, the line in it, and the format that was taken off. */
export type UnwrappedListener = (text: string, line: string, form: FormReader) => void;

/** Whether a text contains a whole line, unchanged or as a JSON string. */
function hasLine(text: string, codec: LineCodec): boolean {
  return linesNamedIn(text, codec).some(
    (line) => text.includes(line) || text.includes(JSON.stringify(line).slice(1, -1)),
  );
}

const severalForms = (count: number) =>
  `expected lines in one form, found ${count} in another one than those before them; make a file of each form and pass them one after the other.`;
