import type { Ledger, SourceLedger } from "../load/ledger.ts";
import type { Counts } from "./counts.ts";
import type { Observation, Sample } from "./observation.ts";
import type { Tally } from "./tally.ts";

/** Consecutive sequences of one source, both ends included. */
export interface SequenceRange {
  source: string;
  from: number;
  to: number;
}

/** What a ledger and an observation prove together. */
export interface Findings {
  counts: Counts;
  /** Every lost line. Never cut: the ranges add up to `counts.lost`, so there are at most half as many as lines written. */
  lost: SequenceRange[];
  /** Lines that came back more than once; the first 1,000 ranges. */
  duplicated: SequenceRange[];
  /** How many further ranges of duplicated lines there are. */
  duplicatedRangesOmitted: number;
  /** A few of the damaged and foreign texts of each kind. */
  samples: Sample[];
}

const maxDuplicatedRanges = 1_000;

/**
 * Compares what was written with what was read back. Pure, and as slow as one look at every sequence written.
 *
 * A line read beyond `written`, or of a source that is not in the ledger, is unexpected with each of its copies.
 * `reordered` goes by the order of reading alone.
 *
 * @param late how many lines a run saw arrive after their time; a check by itself sees no time
 * @throws RangeError if the two are not of the same run
 */
export function check(ledger: Ledger, observation: Observation, late = 0): Findings {
  assertSameRun(ledger, observation);
  const counts: Counts = {
    written: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: observation.damagedCount("corrupted"),
    truncated: observation.damagedCount("truncated"),
    merged: observation.damagedCount("merged"),
    unexpected: observation.damagedCount("unexpected"),
    late,
  };
  const lost: SequenceRange[] = [];
  const duplicated: SequenceRange[] = [];
  let copiesOfWritten = 0;
  for (const source of ledger.sources) {
    const tally = observation.tallies().get(source.source)!;
    copiesOfWritten += checkSource(source, tally, counts, lost, duplicated);
  }
  counts.delivered = counts.written - counts.lost;
  counts.duplicated = copiesOfWritten - counts.delivered;
  for (const tally of observation.tallies().values()) counts.unexpected += tally.copiesInAll;
  counts.unexpected -= copiesOfWritten;
  return {
    counts,
    lost,
    duplicated: duplicated.slice(0, maxDuplicatedRanges),
    duplicatedRangesOmitted: Math.max(0, duplicated.length - maxDuplicatedRanges),
    samples: observation.samples,
  };
}

/** Counts one source into `counts`, appends its ranges, and returns how many copies of written lines came back. */
function checkSource(
  { source, written }: SourceLedger,
  tally: Tally,
  counts: Counts,
  lost: SequenceRange[],
  duplicated: SequenceRange[],
): number {
  let copiesOfWritten = 0;
  for (let sequence = 1; sequence <= written; sequence++) {
    const copies = tally.copiesOf(sequence);
    copiesOfWritten += copies;
    if (copies === 0) {
      counts.lost++;
      extend(lost, source, sequence);
    } else if (copies > 1) {
      extend(duplicated, source, sequence);
    }
    if (tally.isOutOfOrder(sequence)) counts.reordered++;
  }
  counts.written += written;
  return copiesOfWritten;
}

function extend(ranges: SequenceRange[], source: string, sequence: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last.source === source && last.to === sequence - 1) last.to = sequence;
  else ranges.push({ source, from: sequence, to: sequence });
}

function assertSameRun(ledger: Ledger, observation: Observation): void {
  const { seed, clock } = observation.codec;
  const sameClock =
    clock.epochMs === ledger.clock.epochMs && clock.linesPerSecond === ledger.clock.linesPerSecond;
  if (seed !== ledger.seed || !sameClock) {
    throw new RangeError(
      `the observation of run ${seed} cannot be checked against the ledger of ${ledger.seed}`,
    );
  }
  const unknown = ledger.sources.find(({ source }) => !observation.tallies().has(source));
  if (unknown !== undefined)
    throw new RangeError(`the observation did not look for source ${unknown.source}`);
}
