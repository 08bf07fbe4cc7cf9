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

/** What a ledger and an observation prove together. */
export interface Findings {
  counts: Counts;
  /** Every lost line. Never cut: the ranges add up to `counts.lost`, so there are at most half as many as lines written. */
  lost: SequenceRange[];
  /** Lines that came back more than once; the first 1,000 ranges. */
  duplicated: SequenceRange[];
  /** How many further ranges of duplicated lines there are. */
  duplicatedRangesOmitted: number;
  /** Every line that a crash tore at the source. What was left of it is no line: it is neither delivered nor lost. */
  torn: TornFinding[];
  /** A few of the damaged and foreign texts of each kind. */
  samples: Sample[];
}

const maxDuplicatedRanges = 1_000;

/**
 * Compares what was written with what was read back. Pure; takes one look at every sequence written.
 *
 * A line read beyond `written`, or of a source that is not in the ledger, is unexpected with each of its copies.
 * `reordered` goes by the order of reading, such lines included. What a crash of the application left of a line is what it is as often
 * as the ledger has it, to the byte; each further copy of such a text is a duplicate.
 *
 * @param late how many lines a run saw arrive after their time; a check by itself sees no time
 * @throws RangeError if the two are not of the same run
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
  /** Intact copies of written lines, the first ones included. */
  copies: number;
}

function checkSource({ source, written }: SourceLedger, tally: Tally): SourceFindings {
  const findings: SourceFindings = { lost: [], lostCount: 0, duplicated: [], reorderedCount: 0, copies: 0 };
  for (let sequence = 1; sequence <= written; sequence++) {
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
  return findings;
}

/** A few of the intact lines that lie beyond what was written; the observation could not know that they do. */
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
