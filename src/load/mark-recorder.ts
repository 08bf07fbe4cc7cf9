/** The maximum number of marks of a source, regardless of the length of the run. */
export const maxMarks = 2_048;

/** `[sequence, atMs]`: at this Unix millisecond, `sequence` was the highest whose write had returned. */
export type Mark = [sequence: number, atMs: number];

/**
 * Records in bounded memory when each line had been written. When the maximum is reached, every second mark is removed, and from then on
 * only every second, fourth, … mark is recorded. The latest mark is always kept. Begin with `add(0, now)`, so that the first lines have a
 * lower bound as well.
 */
export class MarkRecorder {
  #marks: Mark[] = [];
  #latest: Mark | undefined;
  #stride = 1;
  #skipped = 0;

  /**
   * @param sequence the highest sequence whose write has returned; never less than before
   * @param atMs now, in Unix milliseconds. A time before the latest mark, as after a clock was set back, counts as the time of that mark
   */
  add(sequence: number, atMs: number): void {
    const [lastSequence, lastMs] = this.#latest ?? [0, 0];
    if (sequence < lastSequence)
      throw new RangeError(`sequence ${sequence} was marked after ${lastSequence}`);
    this.#latest = [sequence, Math.max(atMs, lastMs)];
    this.#skipped++;
    if (this.#skipped < this.#stride) return;
    this.#skipped = 0;
    this.#marks.push(this.#latest);
    // One place is reserved for the latest mark.
    if (this.#marks.length === maxMarks - 1) this.#thin();
  }

  /** The marks so far, ascending, at most `maxMarks`. */
  list(): Mark[] {
    const marks = this.#marks.map(([sequence, atMs]): Mark => [sequence, atMs]);
    if (this.#latest !== undefined && this.#latest !== this.#marks.at(-1)) marks.push([...this.#latest]);
    return marks;
  }

  #thin(): void {
    this.#marks = this.#marks.filter((_, index) => index % 2 === 0);
    this.#stride *= 2;
  }
}
