/** The most marks a source keeps, whatever the length of the run. */
export const maxMarks = 2_048;

/** `[sequence, atMs]`: the highest sequence whose write had returned, and the Unix milliseconds at which that was so. */
export type Mark = [sequence: number, atMs: number];

/**
 * Records when which line had been written, in fixed memory: when the room is full, every second mark goes and from then on
 * only every second, fourth, … is taken. The latest is always kept. Begin with `add(0, now)`, so that the first lines have a
 * lower bound too.
 */
export class MarkRecorder {
  #marks: Mark[] = [];
  #latest: Mark | undefined;
  #stride = 1;
  #skipped = 0;

  /**
   * @param sequence the highest sequence whose write has returned; never less than before
   * @param atMs now, in Unix milliseconds; a clock that was set back is taken as standing still
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
    // One place stays free for the latest.
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
