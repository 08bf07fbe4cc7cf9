import { lineMatcherCode } from "./line-matcher-code.ts";
import { type LineRuns, numbersPerRun } from "./line-runs.ts";
import { addLineTables, type LinesToMatch } from "./line-tables.ts";
import { MemoryImage } from "./memory-image.ts";
import type { Spelling } from "./spellings.ts";
import type { Wrapping } from "./wrapping.ts";

const pageBytes = 65_536;
const numberBytes = 4;
const numbersPerPart = 3;
/** The code reads up to 64 bytes at once, and so beyond the last one. */
const slackBytes = 64;
/** A line has more than a hundred bytes, and before and behind each there may be something else. */
const fewestBytesPerResult = 50;
const maxWrappings = 8;
const wrappingBytes = 65_536;
const kinds = { end: 0, text: 1, string: 2, line: 3 };

/** What `LineMatcher` has found in a block, told in the order of the block as far as the order of lines of one source goes. */
export interface MatchListener {
  /** Takes runs of lines, which are valid until it returns. */
  onRuns: (runs: LineRuns) => void;
  /** Takes texts, with their newlines, that are anything else or not known, as a place within the block. */
  onOther: (start: number, end: number) => void;
}

type Globals = Record<string, WebAssembly.Global>;

/**
 * Recognises lines of a run in blocks of bytes, by comparing each byte with that of the line that the text names: some thirty times as fast as
 * `LineCodec`. It takes nothing for a line that the codec would not take for the same one. It does not know every line: not sentinels, and
 * none in a form that it was not told of.
 */
export class LineMatcher {
  readonly spelling: Spelling;
  readonly #sources: readonly string[];
  readonly #memory: WebAssembly.Memory;
  readonly #globals: Globals;
  readonly #matchLines: (from: number, to: number) => number;
  readonly #blocks: number;
  readonly #blockBytes: number;
  readonly #results: number;
  readonly #frames: number;
  readonly #wrappingsStart: number;
  #nextWrapping: number;
  #wrappings = 0;

  /**
   * @param spelling of the lines in all wrappings
   * @param blockBytes how many bytes each block has room for
   * @param blocks how many blocks there are
   */
  constructor(lines: LinesToMatch, spelling: Spelling, blockBytes: number, blocks: number) {
    this.spelling = spelling;
    this.#sources = lines.sources;
    this.#blockBytes = blockBytes;
    const image = new MemoryImage();
    const tables = addLineTables(image, lines, spelling);
    const resultCapacity = Math.ceil(blockBytes / fewestBytesPerResult) + 2;
    this.#frames = image.reserve(maxWrappings * numberBytes);
    this.#wrappingsStart = image.reserve(wrappingBytes);
    this.#nextWrapping = this.#wrappingsStart;
    this.#results = image.reserve(resultCapacity * numbersPerRun * numberBytes);
    this.#blocks = image.length;
    const bytes = image.length + blocks * blockBytes + slackBytes;
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    new Uint8Array(this.#memory.buffer).set(image.content);
    const { exports } = new WebAssembly.Instance(compiled(), { env: { memory: this.#memory } });
    const { matchLines, ...globals } = exports;
    this.#globals = globals as Globals;
    this.#matchLines = matchLines as (from: number, to: number) => number;
    this.#set({ ...tables, frames: this.#frames, results: this.#results, resultCapacity });
  }

  /** The memory of a block, to be filled with bytes. */
  block(index: number): Buffer {
    return Buffer.from(this.#memory.buffer, this.#blocks + index * this.#blockBytes, this.#blockBytes);
  }

  /**
   * Makes a form known.
   *
   * @returns false if it has another spelling, or there is no more room for it
   */
  know({ spelling, pieces }: Wrapping): boolean {
    if (spelling !== this.spelling || this.#wrappings === maxWrappings) return false;
    const texts = pieces.map((piece) => Buffer.from(typeof piece === "string" ? "" : piece.text));
    const partBytes = numbersPerPart * numberBytes * (pieces.length + 1);
    const textBytes = texts.reduce((sum, text) => sum + text.length, 0);
    const first = Math.ceil(this.#nextWrapping / numberBytes) * numberBytes;
    if (first + partBytes + textBytes > this.#wrappingsStart + wrappingBytes) return false;
    const memory = Buffer.from(this.#memory.buffer);
    let textAt = first + partBytes;
    for (const [index, piece] of [...pieces, "end" as const].entries()) {
      const text = texts[index] ?? Buffer.alloc(0);
      const kind = typeof piece === "string" ? kinds[piece] : kinds.text;
      for (const [place, number] of [kind, textAt, text.length].entries())
        memory.writeUInt32LE(number, first + (index * numbersPerPart + place) * numberBytes);
      textAt += text.copy(memory, textAt);
    }
    memory.writeUInt32LE(first, this.#frames + this.#wrappings * numberBytes);
    this.#nextWrapping = textAt;
    this.#set({ frameCount: ++this.#wrappings });
    return true;
  }

  /** Forgets every form. */
  forget(): void {
    this.#nextWrapping = this.#wrappingsStart;
    this.#wrappings = 0;
    this.#set({ frameCount: 0 });
  }

  /**
   * Matches the texts that stand in a part of a block, each with its newline; the last one may have none.
   *
   * @param start where the first text begins
   */
  match(block: number, start: number, end: number, { onRuns, onOther }: MatchListener): void {
    const origin = this.#blocks + block * this.#blockBytes;
    const count = this.#matchLines(origin + start, origin + end);
    const numbers = new Uint32Array(this.#memory.buffer, this.#results, count * numbersPerRun);
    const tellRuns = (from: number, to: number) => {
      if (from < to) onRuns({ sources: this.#sources, numbers: numbers.subarray(from, to) });
    };
    let told = 0;
    for (let index = 0; index < numbers.length; index += numbersPerRun) {
      if (numbers[index] !== 0) continue;
      tellRuns(told, index);
      onOther(numbers[index + 1]! - origin, numbers[index + 2]! - origin);
      told = index + numbersPerRun;
    }
    tellRuns(told, numbers.length);
  }

  #set(values: Record<string, number>): void {
    for (const [name, value] of Object.entries(values)) this.#globals[name]!.value = value;
  }
}

let module: WebAssembly.Module | undefined;

function compiled(): WebAssembly.Module {
  module ??= new WebAssembly.Module(Buffer.from(lineMatcherCode.base64, "base64"));
  return module;
}
