import type { Observation } from "../judge/observation.ts";
import type { Ledger } from "../load/ledger.ts";
import { LineMatcher } from "../load/matcher/line-matcher.ts";
import { noWrapping } from "../load/matcher/wrapping.ts";

const newline = 0x0a;
const defaultBlockBytes = 1_048_576;

/**
 * Hands lines to an observation in the order in which they come. Those that are there as bytes are compared as bytes, many at a time, which is
 * much faster; the result is the same as if the observation had taken the text of each.
 */
export class LineIntake {
  readonly #observation: Observation;
  /** Undefined for lines in a template of the user's, which may be stored with something around them. */
  readonly #matcher: LineMatcher | undefined;
  readonly #block: Buffer;
  #end = 0;

  /** @param ledger of the run whose lines the observation takes */
  constructor(
    { seed, clock, line, sources }: Ledger,
    observation: Observation,
    blockBytes = defaultBlockBytes,
  ) {
    this.#observation = observation;
    const names = sources.map(({ source }) => source);
    if (line === undefined && names.length > 0) {
      this.#matcher = new LineMatcher({ seed, clock, sources: names }, "plain", blockBytes, 1);
      this.#matcher.know(noWrapping);
    }
    this.#block = this.#matcher?.block(0) ?? Buffer.alloc(0);
  }

  /** Takes a line as its text. */
  addText(text: string): void {
    this.end();
    this.#observation.add(text);
  }

  /** Takes a line as its bytes, which are copied. */
  addBytes(utf8: Buffer): void {
    // A line with a newline in it would be taken for two.
    if (utf8.length >= this.#block.length || utf8.includes(newline)) {
      this.addText(utf8.toString());
      return;
    }
    if (this.#end + utf8.length >= this.#block.length) this.end();
    this.#end += utf8.copy(this.#block, this.#end);
    this.#block[this.#end++] = newline;
  }

  /** Hands over what was added and is still held. */
  end(): void {
    const end = this.#end;
    if (end === 0) return;
    this.#end = 0;
    this.#matcher!.match(0, 0, end, {
      onRuns: (runs) => this.#observation.addRuns(runs),
      onOther: (from, to) => {
        // Each text ends with a newline, and so the last piece is none.
        for (const text of this.#block.toString("utf8", from, to).split("\n").slice(0, -1))
          this.#observation.add(text);
      },
    });
  }
}
