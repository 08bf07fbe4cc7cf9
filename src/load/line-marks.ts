/** What is around the identities of a line, `SEED/SOURCE/SEQUENCE`. */
export interface LineMarks {
  /** The text before the identity at the beginning. */
  head: string;
  /** The text after it, up to the first thing that follows from the sequence or the time. */
  second: string;
  /** The text before the identity at the end. */
  tail: string;
  /**
   * A text that every line of the run contains twice. In Everyline's own JSON no text contains it that only quotes a part of a line, as a sink
   * does when it logs a query: there the quotation marks are escaped.
   */
  mark: string;
}

/**
 * The marks of a run's lines.
 *
 * @param isBare whether the lines stand in a template of the user's, and not in Everyline's own JSON
 */
export function marksOf(seed: string, isBare: boolean): LineMarks {
  return isBare
    ? { head: "id=", second: " Test log ", tail: "end=", mark: `=${seed}/` }
    : { head: '{"id":"', second: ',"time":"', tail: '"end":"', mark: `":"${seed}/` };
}
