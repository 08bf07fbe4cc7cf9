/** Determines the time in each line of a source. It is a pure function, so that a line can be generated again at any time. */
export interface LineClock {
  /** The time of sequence 1, in Unix milliseconds. */
  epochMs: number;
  /** The rate of each source, in lines per second; may be fractional. From 0.001 to 1,000,000. */
  linesPerSecond: number;
  /** The first lines of each source, whose times are further apart than their writes; none if absent. */
  backlog?: Backlog | undefined;
}

/** Lines that carry the times of a long outage, although they are written within a short one. */
export interface Backlog {
  /** Sequences 1 to this one: spread evenly over the span, which ends when the next line is written. */
  lines: number;
  spanMs: number;
  /** How long before the end of the span the sentinel's time is: a store that refuses lines as old as the span must accept this one. */
  sentinelAgeMs: number;
}

const nanosPerSecond = 1_000_000_000;
const nanosPerMillisecond = 1_000_000;

/** A moment with the precision of a log store: whole Unix seconds and the nanoseconds after them. */
export interface NominalTime {
  seconds: number;
  nanoseconds: number;
}

/**
 * The nominal time of a line: `epochMs + (sequence - 1) / linesPerSecond`, rounded down to the nanosecond, or the time that the clock's
 * backlog gives. It grows strictly with the sequence at every rate that a clock may have, and in a
 * backlog whose lines are at least a nanosecond apart. The time of the sentinel (sequence 0) is one interval before
 * the epoch, or the one that the backlog gives.
 */
export function nominalTime(clock: LineClock, sequence: number): NominalTime {
  const { backlog } = clock;
  if (backlog === undefined || sequence > backlog.lines) return timeAtRate(clock, sequence);
  const { lines, spanMs, sentinelAgeMs } = backlog;
  const ageMs = sequence === 0 ? sentinelAgeMs : (spanMs * (lines + 1 - sequence)) / lines;
  return earlier(timeAtRate(clock, lines + 1), ageMs);
}

/** When a line was nominally written, in Unix milliseconds. */
export function nominalMs(clock: LineClock, sequence: number): number {
  const { seconds, nanoseconds } = nominalTime(clock, sequence);
  return seconds * 1_000 + nanoseconds / nanosPerMillisecond;
}

/** The time of a clock's oldest line, in whole Unix milliseconds. */
export function oldestMs(clock: LineClock): number {
  return Math.floor(Math.min(clock.epochMs, nominalMs(clock, 0), nominalMs(clock, 1)));
}

/** Whether two clocks give every line the same time. */
export function isSameClock(one: LineClock, other: LineClock): boolean {
  return (
    one.epochMs === other.epochMs &&
    one.linesPerSecond === other.linesPerSecond &&
    one.backlog?.lines === other.backlog?.lines &&
    one.backlog?.spanMs === other.backlog?.spanMs &&
    one.backlog?.sentinelAgeMs === other.backlog?.sentinelAgeMs
  );
}

function earlier({ seconds, nanoseconds }: NominalTime, ms: number): NominalTime {
  const wholeSeconds = Math.floor(ms / 1_000);
  const rest = nanoseconds - Math.floor((ms - wholeSeconds * 1_000) * nanosPerMillisecond);
  return rest < 0
    ? { seconds: seconds - wholeSeconds - 1, nanoseconds: rest + nanosPerSecond }
    : { seconds: seconds - wholeSeconds, nanoseconds: rest };
}

function timeAtRate(clock: LineClock, sequence: number): NominalTime {
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

/** Writes nominal times as RFC 3339 in UTC with nine decimals; caches the last second, because lines of one second come together. */
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
