import { asNumbers, base64Forms } from "./mark-spellings.ts";

/** How often lines of a run begin or end in a stream of bytes. */
export interface RunMarks {
  heads: number;
  tails: number;
}

/** The fields with the identity of a line, at its beginning and at its end. */
const fields = ["id", "end"] as const;

type Field = (typeof fields)[number];

/** A field with its quotes, however they are spelt. */
const jsonMark = (seed: string) =>
  String.raw`(?<quote>\\*"{1,2})(?<field>id|end)\k<quote> ?: ?\k<quote>${seed}\\*/`;

/** An identity of a line that has no quotes, with those that may stand around it in a template: before the first, behind the last. */
const bareMark = (seed: string) =>
  String.raw`(?<quote>\\*"{1,2})?(?<![\w.-])(?<field>id|end)=${seed}\\*/(?:(?<=end=${seed}\\*/)[\w.-]{1,64}\\*/\d{1,10}(?<closing>\\*"{1,2}))?`;

/** More than a mark in any spelling takes: so much of each chunk is looked at again together with the next. */
const overlapBytes = 1_024;
const heldCharacters = 65_536;

/**
 * Counts where lines of a run begin and end in a stream of bytes, whatever form they stand in: by the field of their identity, as it is,
 * with its quotes escaped or doubled, as numbers of bytes, or in base64. Knows nothing of forms, so that it can tell whether one that was
 * read had more lines than its reader passed on.
 */
export class MarkCounter {
  readonly #pattern: RegExp;
  /** How a mark is spelt where its bytes are not those of the text. */
  readonly #needles: { name: Field; bytes: Buffer }[];
  /** By how the quotes are spelt. */
  readonly #quoted: Record<Field, Map<string, number>> = { id: new Map(), end: new Map() };
  readonly #encoded: Record<Field, number> = { id: 0, end: 0 };
  #held = Buffer.alloc(0);
  #texts = "";

  /** @param isBare whether the lines stand in a template of the user's */
  constructor(seed: string, isBare = false) {
    this.#pattern = new RegExp(isBare ? bareMark(seed) : jsonMark(seed), "g");
    this.#needles = fields.flatMap((name) => {
      const mark = isBare ? `${name}=${seed}/` : `"${name}":"${seed}/`;
      return [...asNumbers(mark), ...base64Forms(mark)].map((spelling) => {
        return { name, bytes: Buffer.from(spelling) };
      });
    });
  }

  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#held, chunk]);
    this.#count(bytes, bytes.length - overlapBytes);
    this.#held = Buffer.from(bytes.subarray(Math.max(0, bytes.length - overlapBytes)));
  }

  /** Takes a text that stands for itself. */
  pushText(text: string): void {
    this.#texts += `${text}\n`;
    if (this.#texts.length > heldCharacters) this.#flushTexts();
  }

  /** Ends the stream, and counts every mark. */
  endAll(): RunMarks {
    return this.#end((counts) => counts.reduce((sum, count) => sum + count, 0));
  }

  /**
   * Ends the stream, and counts those of the lines. Where fields of a line stand beside the line, as in a record that has both, their quotes
   * are escaped once less: of marks with quotes, those in the way that is most frequent count.
   */
  endLines(): RunMarks {
    return this.#end((counts) => Math.max(0, ...counts));
  }

  #end(ofQuoted: (counts: number[]) => number): RunMarks {
    this.#flushTexts();
    this.#count(this.#held, this.#held.length);
    this.#held = Buffer.alloc(0);
    const totalOf = (field: Field) => ofQuoted([...this.#quoted[field].values()]) + this.#encoded[field];
    return { heads: totalOf("id"), tails: totalOf("end") };
  }

  #flushTexts(): void {
    const texts = Buffer.from(this.#texts);
    this.#texts = "";
    if (texts.length > 0) this.push(texts);
  }

  /** Counts the marks that begin before a place; those behind it are met again. */
  #count(bytes: Buffer, end: number): void {
    if (end <= 0) return;
    for (const { index, groups } of bytes.toString("latin1").matchAll(this.#pattern)) {
      if (index >= end) break;
      const { quote = groups!.closing ?? "", field } = groups as { quote?: string; field: Field };
      this.#quoted[field].set(quote, (this.#quoted[field].get(quote) ?? 0) + 1);
    }
    for (const { name, bytes: needle } of this.#needles)
      for (let at = bytes.indexOf(needle); at !== -1 && at < end; at = bytes.indexOf(needle, at + 1))
        this.#encoded[name]++;
  }
}
