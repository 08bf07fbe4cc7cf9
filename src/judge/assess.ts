import { type Ledger, writtenAtMs } from "../load/ledger.ts";
import { nominalMs } from "../load/line-clock.ts";
import type { Bounds } from "../pipeline/bounds.ts";
import { check, type Findings } from "./check.ts";
import type { JudgedFault } from "./fault-record.ts";
import {
  type Judgement,
  judge,
  type MissedAlert,
  type Recovery,
  type RecoveryPoint,
  type Silence,
} from "./judge.ts";
import { windowSeconds } from "./loss-window.ts";
import type { Observation } from "./observation.ts";
import type { ReadingDoubt, Reservation } from "./reasons.ts";
import { worstFindings } from "./worst-reading.ts";

/** Everything that is judged of a run, just ended or stored. */
export interface RunEvidence {
  bounds: Bounds;
  ledger: Ledger;
  /**
   * One observation for each reading. A line or damage that one reading saw exists even if others missed it, so the highest count of each kind
   * is used.
   */
  observations: Observation[];
  faults: Pick<JudgedFault, "effective" | "held" | "endedAt">[];
  /** Why the counts cannot be trusted. */
  doubts: ReadingDoubt[];
  /** Why `holds` cannot be trusted, although missing lines are known to be lost. */
  reservations: Reservation[];
  /** The recovery point, if a site was lost and it could be measured. */
  rpo?: RecoveryPoint | undefined;
  /** How the lines came that were written while a fault held, if the claim promises a recovery time. */
  recovery?: Recovery | undefined;
  /** Lines that arrived late. */
  late: number;
  /** That no alert noticed a loss, in a run in which one is expected. */
  silence?: Silence | undefined;
  /** The alerts that did not do what the scenario makes them do. */
  missed?: readonly MissedAlert[] | undefined;
}

/** What the readings of a run show. */
export interface Examined {
  /** Of each reading. */
  all: Findings[];
  /** The worst of them. */
  findings: Findings;
}

/** The findings, and the verdict that follows from them. */
export interface Assessment {
  findings: Findings;
  /** The length of the time in which the lost lines were written, in seconds. */
  lostWindowSeconds: number;
  judgement: Judgement;
}

/** Checks every reading of a run. */
export function examine({
  ledger,
  observations,
  late,
}: Pick<RunEvidence, "ledger" | "observations" | "late">): Examined {
  const all = observations.map((observation) => check(ledger, observation, late));
  return { all, findings: worstFindings(all) };
}

/**
 * Judges a run by its findings. It is pure, so a stored run gives the same result as one that has just ended.
 *
 * @param examined the findings, for a caller that has needed them already
 */
export function assess(evidence: RunEvidence, { all, findings }: Examined = examine(evidence)): Assessment {
  const { bounds, ledger, faults, rpo, recovery, silence, missed } = evidence;
  const lostWindowSeconds = windowSeconds(ledger, findings.lost);
  const disagreement = disagreementOf(all, findings);
  const judgement = judge({
    bounds,
    counts: findings.counts,
    lostWindowSeconds,
    youngestLostSeconds: youngestLostSeconds(ledger, findings.lost, faults),
    rpo,
    recovery,
    faults,
    doubts: [...evidence.doubts, ...disagreement.doubts],
    reservations: [...evidence.reservations, ...disagreement.reservations],
    silence,
    missed,
  });
  return { findings, lostWindowSeconds, judgement };
}

/**
 * What follows from readings that lack different lines. Where they lack more lines in common than they differ in, their difference does not
 * put the common loss in doubt: a reading that leaves out lines at random would have to leave out most of them.
 */
function disagreementOf(
  all: Findings[],
  { counts }: Findings,
): { doubts: ReadingDoubt[]; reservations: Reservation[] } {
  const lines = all.reduce((sum, each) => sum + each.counts.lost - counts.lost, 0);
  if (lines === 0) return { doubts: [], reservations: [] };
  if (lines < counts.lost) return { doubts: [], reservations: [{ code: "some-lines-differ", lines }] };
  const delivered = all.map((each) => each.counts.delivered);
  return { doubts: [{ code: "readings-differ", delivered }], reservations: [] };
}

/** For a backlog the times that the lines carry are used; otherwise the marks of their writes, which are never too early. */
function youngestLostSeconds(
  { clock, sources }: Ledger,
  lost: Findings["lost"],
  faults: RunEvidence["faults"],
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
