import type { Ledger, SourceLedger } from "../load/ledger.ts";
import { isSameClock } from "../load/line-clock.ts";
import type { Counts } from "./counts.ts";
import { type Observation, type Sample, samplesPerKind } from "./observation.ts";
import type { Tally } from "./tally.ts";
import type { TornFinding } from "./torn-texts.ts";

/** Consecutive sequences of one source, both ends included. */
export interface SequenceRange {
  source: string;
  from: number;
  to: number;
}

/** What follows from a ledger and an observation. */
export interface Findings {
  counts: Counts;
  /** Every lost line. Never cut: the ranges add up to `counts.lost`, so there are at most half as many as lines written. */
  lost: SequenceRange[];
  /** Lines that came back more than once; the first 1,000 ranges. */
  duplicated: SequenceRange[];
  /** How many further ranges of duplicated lines there are. */
  duplicatedRangesOmitted: number;
  /** Every partial line that a crash left at the source. It is not a line, so it is neither delivered nor lost. */
  torn: TornFinding[];
  /** A few damaged and foreign texts of each kind, as samples. */
  samples: Sample[];
}

/** How many ranges of duplicated lines findings name. */
export const maxDuplicatedRanges = 1_000;

/**
 * Compares what was written with what was read back. Pure.
 *
 * A line read beyond `written`, or of a source that is not in the ledger, is unexpected with each of its copies.
 * `reordered` is judged by the order of reading, including such lines. A partial line of a crash is recognised as often as the ledger has
 * it, byte for byte; each further copy of it is a duplicate.
 *
 * @param late how many lines a run saw arrive too late; the check itself has no times
 * @throws RangeError if the two are of different runs
 */
export function check(ledger: Ledger, observation: Observation, late = 0): Findings {
  assertSameRun(ledger, observation);
  const sources = ledger.sources.map((source) => checkSource(source, observation.tallyOf(source.source)!));
  const sumOf = (count: (source: SourceFindings) => number) =>
    sources.reduce((sum, source) => sum + count(source), 0);
  const written = ledger.sources.reduce((sum, source) => sum + source.written, 0);
  const lost = sumOf((source) => source.lostCount);
  const copiesOfWritten = sumOf((source) => source.copies);
  const duplicated = sources.flatMap((source) => source.duplicated);
  return {
    counts: {
      written,
      delivered: written - lost,
      lost,
      duplicated:
        copiesOfWritten - (written - lost) + observation.hiddenCopies + observation.torn.surplusCopies,
      reordered: sumOf((source) => source.reorderedCount),
      corrupted: observation.damagedCount("corrupted"),
      truncated: observation.damagedCount("truncated"),
      merged: observation.damagedCount("merged"),
      unexpected: observation.damagedCount("unexpected") + observation.intactCount() - copiesOfWritten,
      late,
    },
    lost: sources.flatMap((source) => source.lost),
    duplicated: duplicated.slice(0, maxDuplicatedRanges),
    duplicatedRangesOmitted: Math.max(0, duplicated.length - maxDuplicatedRanges),
    torn: observation.torn.findings,
    samples: [...observation.samples, ...beyondWritten(ledger, observation)],
  };
}

interface SourceFindings {
  lost: SequenceRange[];
  lostCount: number;
  duplicated: SequenceRange[];
  reorderedCount: number;
  /** Intact copies of written lines, including the first ones. */
  copies: number;
}

function checkSource({ source, written }: SourceLedger, tally: Tally): SourceFindings {
  const findings: SourceFindings = { lost: [], lostCount: 0, duplicated: [], reorderedCount: 0, copies: 0 };
  let next = 1;
  while (true) {
    const sequence = tally.nextAnomaly(next, written);
    // Those before it came back once each.
    findings.copies += sequence - next;
    if (sequence > written) return findings;
    next = sequence + 1;
    const copies = tally.copiesOf(sequence);
    findings.copies += copies;
    if (copies === 0) {
      findings.lostCount++;
      extend(findings.lost, source, sequence);
    } else if (copies > 1) {
      extend(findings.duplicated, source, sequence);
    }
    if (tally.isOutOfOrder(sequence)) findings.reorderedCount++;
  }
}

/** A few of the intact lines beyond the last written one; the observation did not know where that is. */
function beyondWritten(ledger: Ledger, observation: Observation): Sample[] {
  const samples: Sample[] = [];
  for (const { source, written } of ledger.sources) {
    const tally = observation.tallyOf(source)!;
    for (let sequence = written + 1; sequence <= tally.highest; sequence++) {
      if (samples.length === samplesPerKind) return samples;
      if (tally.copiesOf(sequence) === 0) continue;
      samples.push({
        kind: "unexpected",
        text: observation.codec.encode(source, sequence),
        source,
        sequence,
      });
    }
  }
  return samples;
}

function extend(ranges: SequenceRange[], source: string, sequence: number): void {
  const last = ranges.at(-1);
  if (last?.to === sequence - 1) last.to = sequence;
  else ranges.push({ source, from: sequence, to: sequence });
}

function assertSameRun(ledger: Ledger, observation: Observation): void {
  const { seed, clock } = observation.codec;
  if (seed !== ledger.seed || !isSameClock(clock, ledger.clock)) {
    throw new RangeError(
      `the observation of run ${seed} cannot be checked against the ledger of ${ledger.seed}`,
    );
  }
  const torn = ledger.sources.reduce((sum, source) => sum + (source.torn?.length ?? 0), 0);
  if (torn !== observation.torn.findings.length)
    throw new RangeError("the observation did not look for what crashes left at the source");
  const unknown = ledger.sources.find(({ source }) => observation.tallyOf(source) === undefined);
  if (unknown !== undefined)
    throw new RangeError(`the observation did not look for source ${unknown.source}`);
}
