import { LineMatcher } from "./line-matcher.ts";
import type { LinesToMatch } from "./line-tables.ts";
import type { Spelling } from "./spellings.ts";

/** Two halves of a block: what was read, and before it room for the beginning of its first line, which the block before has. */
const halves = 2;
/** One is matched while the other is filled. */
export const matcherBlocks = 2;
const defaultReadBytes = 1_048_576;

/** The matchers of a run's lines, one for each spelling, made when they are needed. */
export class LineMatchers {
  /** How many bytes are read at once. */
  readonly readBytes: number;
  readonly #lines: LinesToMatch;
  readonly #matchers = new Map<Spelling, LineMatcher>();

  constructor(lines: LinesToMatch, readBytes = defaultReadBytes) {
    this.#lines = lines;
    this.readBytes = readBytes;
  }

  /** A matcher that knows no form yet. Each use ends before the next one of the same spelling begins. */
  matcherFor(spelling: Spelling): LineMatcher {
    const known = this.#matchers.get(spelling);
    known?.forget();
    if (known !== undefined) return known;
    const matcher = new LineMatcher(this.#lines, spelling, halves * this.readBytes, matcherBlocks);
    this.#matchers.set(spelling, matcher);
    return matcher;
  }
}
