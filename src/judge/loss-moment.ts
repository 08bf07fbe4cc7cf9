import { type Ledger, notWrittenBeforeMs, writtenAtMs } from "../load/ledger.ts";
import type { LostRange } from "./place-losses.ts";
import type { LossBasis, LossSignal } from "./recorded-alerts.ts";

/** The earliest moment at which a line can have been lost, in Unix milliseconds, and how that is known. */
export interface LossMoment {
  atMs: number;
  basis: LossBasis;
}

/** What a loss moment is found from. */
export interface LossEvidence {
  lost: readonly LostRange[];
  ledger: Ledger;
  signals: readonly LossSignal[];
  /** When the first fault was injected; undefined if there was none. */
  faultMs: number | undefined;
}

/**
 * When the first line was lost, at the earliest: never later than it was, so that a warning never seems longer than it was. A loss that a part
 * counts was not before the last time at which the part had not counted it. Any other line may have been lost as soon as it was
 * written, but not before anything was broken.
 *
 * @returns undefined if nothing was lost
 */
export function lossMoment({ lost, ledger, signals, faultMs }: LossEvidence): LossMoment | undefined {
  const moments = lost.map((range): LossMoment => {
    const writtenMs = earliestWriteMs(ledger, range);
    const counted = signals.find(({ basis }) => basis === basisOf(range));
    if (counted !== undefined)
      return { atMs: Math.max(writtenMs, counted.notBeforeMs), basis: counted.basis };
    return { atMs: Math.max(writtenMs, faultMs ?? writtenMs), basis: "written" };
  });
  return moments.reduce<LossMoment | undefined>(
    (first, next) => (first === undefined || next.atMs < first.atMs ? next : first),
    undefined,
  );
}

/** The count that shows such a loss. A part other than the shipper is named with a reason only if it said that it dropped the line. */
function basisOf({ hop, reason }: LostRange): LossBasis {
  if (hop === "shipper") return "shipper-dropped";
  if (reason === undefined) return "written";
  if (hop === "kafka") return "kafka-deleted";
  return hop === "consumer" ? "dead-lettered" : "sink-refused";
}

/** Before its first mark nothing is known of a source, so its upper bound is used there. */
function earliestWriteMs({ sources }: Ledger, { source: name, from }: LostRange): number {
  const source = sources.find(({ source }) => source === name)!;
  return notWrittenBeforeMs(source, from) ?? writtenAtMs(source, from)!;
}
