import { isDeepStrictEqual } from "node:util";
import { type Ledger, notWrittenBeforeMs, sequencesWrittenBetween, writtenAtMs } from "../load/ledger.ts";
import { nominalMs } from "../load/line-clock.ts";
import type { Bounds } from "../plan/claim.ts";
import { check, type Findings } from "./check.ts";
import type { Counts } from "./counts.ts";
import { type FaultEvidence, type Judgement, judge, type RecoveryPoint } from "./judge.ts";
import type { Observation } from "./observation.ts";
import type { FaultRecord } from "./run-document.ts";

/** What a run leaves to be judged, fresh or stored. */
export interface RunEvidence {
  bounds: Bounds;
  ledger: Ledger;
  /** One a reading. What one of them saw is there, whatever the others did not see: of each kind the most counts. */
  observations: Observation[];
  faults: FaultRecord[];
  /** Why the counts cannot be trusted. */
  doubts: string[];
  /** The recovery point, where a site was lost and it could be measured. */
  rpo?: RecoveryPoint | undefined;
  /** Lines that arrived late. */
  late: number;
}

/** Checks and judges a run. Pure: the same for a run that has just ended and for one that was stored. */
export function assess(evidence: RunEvidence): { findings: Findings; judgement: Judgement } {
  const { bounds, ledger, observations, faults, late } = evidence;
  const all = observations.map((observation) => check(ledger, observation, late));
  const findings = worstOf(all);
  const doubts = [...evidence.doubts, ...disagreementOf(all)];
  const judgement = judge({
    bounds,
    counts: findings.counts,
    lostWindowSeconds: lostWindowSeconds(ledger, findings.lost),
    youngestLostSeconds: youngestLostSeconds(ledger, findings.lost, faults),
    rpo: evidence.rpo,
    faults: faults.map((fault) => evidenceOf(fault, ledger)),
    doubts,
  });
  return { findings, judgement };
}

/**
 * The findings of the reading with most duplicates, as Loki hides some of them when it merges memory and store; with the most that any
 * reading saw of each damage, as a line may come back intact from memory and spoilt from the store.
 */
function worstOf(all: Findings[]): Findings {
  const worst = all.reduce((worst, next) =>
    next.counts.duplicated > worst.counts.duplicated ? next : worst,
  );
  const most = (kind: keyof Counts) => Math.max(...all.map(({ counts }) => counts[kind]));
  const counts = {
    ...worst.counts,
    corrupted: most("corrupted"),
    truncated: most("truncated"),
    merged: most("merged"),
    unexpected: most("unexpected"),
  };
  return { ...worst, counts };
}

function disagreementOf(all: Findings[]): string[] {
  const delivered = all.map(({ counts }) => counts.delivered);
  if (new Set(delivered).size > 1)
    return [`Loki delivered ${delivered.join(", then ")} lines when it was read again.`];
  const isSame = all.every(({ lost }) => isDeepStrictEqual(lost, all[0]!.lost));
  return isSame ? [] : [`Loki delivered ${delivered[0]} lines each time it was read, but not the same ones.`];
}

function evidenceOf(fault: FaultRecord, ledger: Ledger): FaultEvidence {
  const { startedAt, endedAt } = fault;
  return { ...fault, linesMeanwhile: startedAt === endedAt ? undefined : linesWrittenDuring(fault, ledger) };
}

/** How many lines were certainly written while a fault held. */
export function linesWrittenDuring({ startedAt, endedAt }: FaultRecord, ledger: Ledger): number {
  return ledger.sources.reduce((sum, source) => {
    const range = sequencesWrittenBetween(source, Date.parse(startedAt), Date.parse(endedAt));
    return sum + (range === undefined ? 0 : range.to - range.from + 1);
  }, 0);
}

/** In the lines' own time, where a backlog has one; by the marks of their writes, which are never too early, elsewhere. */
function youngestLostSeconds(
  { clock, sources }: Ledger,
  lost: Findings["lost"],
  faults: FaultRecord[],
): number | undefined {
  if (lost.length === 0) return undefined;
  const { backlog } = clock;
  const endedAtMs =
    backlog === undefined
      ? Math.max(...faults.map(({ endedAt }) => Date.parse(endedAt)))
      : nominalMs(clock, backlog.lines + 1);
  const writtenMs = sources.flatMap((source) => {
    const last = lost.findLast((range) => range.source === source.source);
    if (last === undefined) return [];
    return backlog === undefined ? (writtenAtMs(source, last.to) ?? endedAtMs) : nominalMs(clock, last.to);
  });
  return (endedAtMs - Math.max(...writtenMs)) / 1_000;
}

function lostWindowSeconds(ledger: Ledger, lost: Findings["lost"]): number {
  const windows = ledger.sources.map((source) => {
    const ranges = lost.filter((range) => range.source === source.source);
    if (ranges.length === 0) return 0;
    // From before the first lost line to after the last: never too short.
    const fromMs = notWrittenBeforeMs(source, ranges[0]!.from) ?? Number.NEGATIVE_INFINITY;
    const toMs = writtenAtMs(source, ranges.at(-1)!.to) ?? Number.POSITIVE_INFINITY;
    return (toMs - fromMs) / 1_000;
  });
  return Math.max(0, ...windows);
}
