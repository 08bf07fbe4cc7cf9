import type { LineCodec } from "../../load/line.ts";
import { type Spelling, spellings } from "../../load/matcher/spellings.ts";
import type { Wrapping, WrappingPiece } from "../../load/matcher/wrapping.ts";
import type { FormReader } from "./forms/form.ts";

/** How lines may be spelt in a string of JSON. */
const spellingsInJson = ["json", "goJson"] as const satisfies readonly Spelling[];
const maxOffers = 4_096;
const maxWrappings = 8;
const maxTextLength = 16_384;
/** A string of JSON that needs no escape, or any other one. */
const jsonString = /"(?:[^"\\]|\\.)*"/gy;
const anyContent = "0";

/** Learns from texts of an export in JSON, and the lines that were found in them, what is the same in each text and what is not. */
export class WrappingLearner {
  readonly #codec: LineCodec;
  readonly #bySpelling = new Map<Spelling, { texts: number; wrappings: Map<string, Wrapping> }>();
  #offers = 0;

  constructor(codec: LineCodec) {
    this.#codec = codec;
    for (const spelling of spellingsInJson)
      this.#bySpelling.set(spelling, { texts: 0, wrappings: new Map() });
  }

  /** The forms that are known, all in the spelling in which most lines stand. */
  get wrappings(): Wrapping[] {
    const [most] = [...this.#bySpelling.values()].sort((one, other) => other.texts - one.texts);
    return [...most!.wrappings.values()];
  }

  /** Takes a text, the line that was found in it, and the format that it was found by. */
  readonly offer = (text: string, line: string, form: FormReader): void => {
    if (!form.isJsonString || this.#offers === maxOffers || text.length > maxTextLength) return;
    if (this.#codec.written !== undefined || this.#codec.decode(line) === undefined) return;
    this.#offers++;
    for (const spelling of spellingsInJson) this.#learn(text, line, spelling, form);
  };

  #learn(text: string, line: string, spelling: Spelling, form: FormReader): void {
    const known = this.#bySpelling.get(spelling)!;
    const pieces = piecesOf(text, spellings[spelling](line));
    if (pieces === undefined) return;
    const key = JSON.stringify(pieces);
    if (!known.wrappings.has(key)) {
      if (known.wrappings.size === maxWrappings || !this.#isProven(pieces, line, spelling, form)) return;
      known.wrappings.set(key, { spelling, pieces });
    }
    known.texts++;
  }

  /** Whether the format finds another line in these pieces, whatever else stands in them, and takes none of them for a raw line. */
  #isProven(pieces: readonly WrappingPiece[], line: string, spelling: Spelling, form: FormReader): boolean {
    const { source, sequence } = this.#codec.decode(line)!;
    const other = this.#codec.encode(source, sequence === 1 ? 2 : 1);
    const text = pieces
      .map((piece) =>
        piece === "line" ? spellings[spelling](other) : piece === "string" ? anyContent : piece.text,
      )
      .join("")
      .slice(0, -1);
    const { marks, seed } = this.#codec;
    const [first] = pieces;
    const start = first === "line" || first === "string" || first === undefined ? "" : first.text;
    const head = `${marks.head}${seed}/`;
    const isNoRawLine = !start.startsWith(head) && !head.startsWith(start);
    return isNoRawLine && form.unwrap(text) === other;
  }
}

/**
 * The pieces of a text with its newline: keys, numbers and strings with escapes are the same in each text of this form; other strings are
 * not.
 *
 * @param spelt the line as it stands in the text
 * @returns undefined unless it stands there once, at the beginning of a string
 */
function piecesOf(text: string, spelt: string): WrappingPiece[] | undefined {
  const lineStart = text.indexOf(spelt);
  if (lineStart < 1 || text.includes(spelt, lineStart + 1)) return undefined;
  const pieces: WrappingPiece[] = [];
  let done = 0;
  const addPiece = (start: number, end: number, piece: "string" | "line") => {
    pieces.push({ text: text.slice(done, start) }, piece);
    done = end;
  };
  let hasLine = false;
  for (let quote = text.indexOf('"'); quote !== -1; ) {
    jsonString.lastIndex = quote;
    const string = jsonString.exec(text)?.[0];
    if (string === undefined) return undefined;
    const end = quote + string.length;
    if (quote + 1 === lineStart) {
      hasLine = true;
      addPiece(lineStart, lineStart + spelt.length, "line");
    } else if (!string.includes("\\") && !/^\s*:/.test(text.slice(end, end + 16))) {
      addPiece(quote + 1, end - 1, "string");
    }
    quote = text.indexOf('"', end);
  }
  pieces.push({ text: `${text.slice(done)}\n` });
  return hasLine ? pieces : undefined;
}
