import { maxTimedRanges } from "./timeline-document.ts";

/** A run of consecutive sequences of one source, both ends included. */
interface Range {
  source: string;
  from: number;
  to: number;
}

/** Keeps the longest of any number of ranges, in fixed memory, and counts the others; of equally long ones it keeps the first. */
export class LongestRanges<Kept extends Range> {
  #kept: Kept[] = [];
  #omittedRanges = 0;
  #omittedLines = 0;

  add(range: Kept): void {
    this.#kept.push(range);
    if (this.#kept.length === 2 * maxTimedRanges) this.#cut();
  }

  /** At most `maxTimedRanges`, the longest first, and the number of the others. */
  end(): { ranges: Kept[]; omittedRanges: number; omittedLines: number } {
    this.#cut();
    return { ranges: this.#kept, omittedRanges: this.#omittedRanges, omittedLines: this.#omittedLines };
  }

  #cut(): void {
    // The sort is stable: equally long ranges keep their order.
    this.#kept.sort((one, other) => linesOf(other) - linesOf(one));
    for (const range of this.#kept.splice(maxTimedRanges)) {
      this.#omittedRanges++;
      this.#omittedLines += linesOf(range);
    }
  }
}

function linesOf({ from, to }: Range): number {
  return to - from + 1;
}
