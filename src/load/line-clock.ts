/** When the lines of a source carry which time: a pure function, so that a line can be made again at any moment. */
export interface LineClock {
  /** The time of sequence 1, in Unix milliseconds. */
  epochMs: number;
  /** The rate of each source, in lines per second; may be fractional. From 0.001 to 1,000,000. */
  linesPerSecond: number;
}

const nanosPerSecond = 1_000_000_000;
const nanosPerMillisecond = 1_000_000;

/** A moment with the precision of a log store: whole Unix seconds and the nanoseconds after them. */
export interface NominalTime {
  seconds: number;
  nanoseconds: number;
}

/**
 * The nominal time of a line: `epochMs + (sequence - 1) / linesPerSecond`, rounded down to the nanosecond. It grows strictly
 * with the sequence at every rate a clock may have. The sentinel (sequence 0) lies one interval before the epoch.
 */
export function nominalTime(clock: LineClock, sequence: number): NominalTime {
  const { epochMs, linesPerSecond } = clock;
  // Whole seconds first: nanoseconds since the epoch do not fit the 53 bits of a number.
  const linesAfterFirst = sequence - 1;
  const wholeSeconds = Math.floor(linesAfterFirst / linesPerSecond);
  const linesInSecond = linesAfterFirst - wholeSeconds * linesPerSecond;
  const fraction = Math.floor((linesInSecond * nanosPerSecond) / linesPerSecond);
  const epochSeconds = Math.floor(epochMs / 1_000);
  const nanoseconds =
    (epochMs - epochSeconds * 1_000) * nanosPerMillisecond +
    Math.min(Math.max(fraction, 0), nanosPerSecond - 1);
  const carry = nanoseconds >= nanosPerSecond ? 1 : 0;
  return {
    seconds: epochSeconds + wholeSeconds + carry,
    nanoseconds: nanoseconds - carry * nanosPerSecond,
  };
}

/** Writes nominal times as RFC 3339 in UTC with nine decimals; keeps the last second, as lines of one second come together. */
export class TimeFormatter {
  #seconds = Number.NaN;
  #prefix = "";

  format({ seconds, nanoseconds }: NominalTime): string {
    if (seconds !== this.#seconds) {
      this.#seconds = seconds;
      this.#prefix = `${new Date(seconds * 1_000).toISOString().slice(0, -"000Z".length)}`;
    }
    return `${this.#prefix}${String(nanosPerSecond + nanoseconds).slice(1)}Z`;
  }
}
