import { UsageError } from "../errors.ts";
import type { LineCodec } from "../load/line.ts";
import { rawLineOf } from "./envelope.ts";
import { beginsLine, byBearing } from "./forms/bearing.ts";
import type { FormReader } from "./forms/form.ts";
import { journalHint } from "./forms/json-field.ts";
import { lineForms } from "./forms/line-forms.ts";
import { linesNamedIn, surroundings } from "./surroundings.ts";

/** How many texts that bear the seed decide on the form. */
const sampleLines = 64;
/** How much is held, in characters and in texts, until so many have come. */
const maxHeldCharacters = 1_048_576;
const maxHeldTexts = 4_096;
/** How many forms may stand within each other: Docker's JSON in a container runtime's file in logcli's JSON lines, for instance. */
const maxNested = 4;
/** How many times as many lines a form must explain as stand there raw: one damaged line among raw ones makes no form. */
const rawOutweighs = 4;
/** A form is one that at least every eighth text of a sample is in: one damaged text that happens to look like a form makes none. */
const fewestInForm = 8;
/** How many damaged texts of a sample, and which part of it, may look as if they were in a form that takes more off. */
const [damagedTexts, damagedPart] = [2, 16];
/** More than one, and at least every eighth, line of a sample is in an object of its own where raw lines and such objects are mixed. */
const fewestMixed = 8;

/** What Grafana Explore puts before the lines of a txt, with blank lines behind it. */
const preamble =
  /^(?:Common labels: |"?Line limit: |"?Total bytes processed: |"?\d+ lines? (?:shown|displayed|returned))/;
/** What logcli says on standard error, and journalctl before the first line. */
const notice =
  /^(?:\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:https?:\/\/\S+\/loki\/api\/v1\/|Common labels: |Ignoring label)|-- (?:Journal|Logs) begin)/;
const maxNotices = 16;

/**
 * Takes texts of an export in the order of reading and hands on the raw lines in them. In which forms they stand is decided once, by the
 * first texts that bear the seed of the run; a text of another form goes on as it is.
 */
export class Unwrapper {
  readonly #codec: LineCodec;
  readonly #bears: (text: string) => boolean;
  readonly #onLine: (text: string) => void;
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

  /** @param mayHaveMark whether the first text is the beginning of a file, where a byte order mark may stand */
  constructor(codec: LineCodec, onLine: (text: string) => void, mayHaveMark = false) {
    this.#codec = codec;
    this.#bears = byBearing(codec);
    this.#mayHaveMark = mayHaveMark;
    this.#onLine = onLine;
  }

  /** The forms that were taken off, the outermost first. */
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
    else if (!notice.test(start) && !(this.#isPreamble && /^[\r ]*$/.test(text))) this.#isBegun = true;
    if (++this.#notices > maxNotices) this.#isBegun = true;
    return !this.#isBegun;
  }

  #hold(text: string): void {
    this.#held.push(text);
    this.#heldCharacters += text.length;
    if (this.#bears(text)) this.#bearing++;
    if (this.#bearing >= sampleLines) this.#decide();
    else if (this.#heldCharacters > maxHeldCharacters || this.#held.length >= maxHeldTexts) {
      // Other people's lines, so far: in whatever form they are, they are unexpected.
      if (this.#bearing > 0) this.#decide();
      else this.#release([]);
    }
  }

  #decide(): void {
    const first = this.#held.findIndex((text) => this.#bears(text));
    // Where none does, they may be spelt in another way.
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
    // A byte order mark belongs to the file, unless the file is nothing but its lines.
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
    if (inner === undefined) this.#onLine(this.#ofNoForm(text));
    else for (const one of inner) this.#unwrap(one, rest);
  }

  /** Where raw lines and objects are mixed from the start an object stands for its line; elsewhere one among others is damage. */
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

/** What is inside of a text; undefined if it is not of the form, as no line of ours is that begins as they do. */
function unwrapped(text: string, form: FormReader, codec: LineCodec): readonly string[] | undefined {
  if (beginsLine(text, codec)) return undefined;
  const inner = form.unwrap(text);
  return typeof inner === "string" ? [inner] : inner;
}

/** Whether a text has a whole line in it, as it was written or as a string of JSON. */
function hasLine(text: string, codec: LineCodec): boolean {
  return linesNamedIn(text, codec).some(
    (line) => text.includes(line) || text.includes(JSON.stringify(line).slice(1, -1)),
  );
}

const severalForms = (count: number) =>
  `expected lines in one form, found ${count} in another one than those before them; make a file of each form and pass them one after the other.`;

interface Layer {
  open: () => FormReader;
}

/** How well texts are explained: whole lines first, then those that at least begin as lines do. */
interface Score {
  whole: number;
  begun: number;
}

function scoreOf(texts: readonly string[], codec: LineCodec): Score {
  return {
    whole: texts.filter((text) => codec.decode(text) !== undefined).length,
    begun: texts.filter((text) => beginsLine(text, codec)).length,
  };
}

function stackFor(sample: readonly string[], codec: LineCodec): Layer[] {
  const raw = scoreOf(sample, codec);
  const { stack, score } = bestOf(sample, codec, maxNested);
  const bearing = sample.filter(byBearing(codec)).length;
  const isForm = score.begun * fewestInForm >= bearing;
  return isForm && isBetter(score, { whole: raw.whole * rawOutweighs, begun: raw.begun }) ? stack : [];
}

function isBetter(one: Score, other: Score): boolean {
  return one.whole > other.whole || (one.whole === other.whole && one.begun > other.begun);
}

/** Between forms: what takes more off also explains texts that have been damaged at their beginning. */
function isMuchBetter(one: Score, { stack, score }: { stack: Layer[]; score: Score }): boolean {
  const margin = stack.length > 0 && score.whole > 0 ? Math.max(damagedTexts, score.whole / damagedPart) : 0;
  return margin > 0 ? one.whole > score.whole + margin : isBetter(one, score);
}

function bestOf(texts: readonly string[], codec: LineCodec, depth: number): { stack: Layer[]; score: Score } {
  let best = { stack: [] as Layer[], score: scoreOf(texts, codec) };
  if (depth === 0 || best.score.whole * 2 > texts.length) return best;
  for (const open of lineForms.flatMap((form) => form.readers(texts, codec))) {
    const reader = open();
    const inner = texts.flatMap((text) => unwrapped(text, reader, codec) ?? []);
    if (inner.length === 0) continue;
    const rest = bestOf(inner, codec, depth - 1);
    const found = { stack: [{ open }, ...rest.stack], score: rest.score };
    const isShorter = !isBetter(best.score, found.score) && found.stack.length < best.stack.length;
    if (isMuchBetter(found.score, best) || isShorter) best = found;
  }
  return best;
}

function assertNothingAround(sample: readonly string[], stack: readonly Layer[], codec: LineCodec): void {
  const readers = stack.map(({ open }) => open());
  const texts = readers.reduce<readonly string[]>(
    (inner, reader) => inner.flatMap((text) => unwrapped(text, reader, codec) ?? []),
    sample,
  );
  const hint = surroundings(texts, codec);
  if (hint !== undefined) throw new UsageError(hint);
}

/** Whether what has no line of the run in it is no export at all, but something else that was saved in its place. */
function assertExport(texts: readonly string[], bears: (text: string) => boolean): void {
  const journal = texts.filter((text) => /^\{.*"MESSAGE" ?: ?null/.test(text)).length;
  if (journal > 0 && journal * 2 >= texts.length && !texts.some((text) => text.includes('"MESSAGE":"')))
    throw new UsageError(journalHint);
  const packed = texts.filter(
    (text) => /^[A-Za-z0-9+/]+=*$/.test(text) && bears(Buffer.from(text, "base64").toString()),
  );
  if (packed.length > 0 && packed.length * 2 >= texts.length) throw new UsageError(base64Hint);
  const [first = ""] = texts;
  const answer = refusals.find((pattern) => pattern.test(first));
  if (answer === undefined || texts.length > maxAnswerLines) return;
  throw new UsageError(
    `expected an export, found an answer that has none: ${JSON.stringify(first.slice(0, 200))}. Nothing is known of the lines; export them again.`,
  );
}

const base64Hint =
  'expected lines, found each of them in base64; undo it first, as in: while read -r line; do echo "$line" | base64 -d; echo; done < FILE | everyline verify --ledger LEDGER -';

/** An error in place of an export is short. */
const maxAnswerLines = 200;

/** What Loki and proxies before it answer as text where they refuse. */
const refusals = [
  /^\s*<(?:!doctype |html|\?xml)/i,
  /^(?:parse error|the query time range exceeds|max entries limit|maximum of series|too many outstanding requests|context (?:canceled|deadline exceeded)|no org id|gateway timeout|upstream |404 page not found|curl: \()/i,
  /^\{"(?:message|error|code)":.*(?:unauthorized|forbidden|not found|invalid|denied|timeout)/i,
];
