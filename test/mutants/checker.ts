import { assess } from "../../src/judge/assess.ts";
import { breachesOf } from "../../src/judge/breaches.ts";
import { check, type SequenceRange } from "../../src/judge/check.ts";
import type { Counts } from "../../src/judge/counts.ts";
import { type Observation, observationFor } from "../../src/judge/observation.ts";
import type { Ledger } from "../../src/load/ledger.ts";

/** The result of a checker. */
export interface Finding {
  counts: Counts;
  /** Undefined if a checker cannot name the lost lines. */
  lost: SequenceRange[] | undefined;
  /** Undefined if a checker cannot name the duplicated lines. */
  duplicated: SequenceRange[] | undefined;
  verdict: "holds" | "broken" | "unknown";
}

/** Compares a ledger with the texts that were read back, in their order. */
export interface Checker {
  name: string;
  /** Its method, in one sentence. */
  method: string;
  find(ledger: Ledger, texts: readonly string[], hiddenCopies: number): Finding;
}

const strictest = { lost: 0, duplicated: 0 };

/** Checks and judges observations as a run does, under a claim that allows neither loss nor duplicates. */
export function judged(ledger: Ledger, observations: Observation[]): Finding {
  const { findings, judgement } = assess({
    bounds: strictest,
    ledger,
    observations,
    faults: [],
    doubts: [],
    reservations: [],
    late: 0,
  });
  const { counts, lost, duplicated } = findings;
  return { counts, lost, duplicated, verdict: judgement.verdict };
}

/** Checks an observation as `everyline verify` does. */
export function verified(ledger: Ledger, observation: Observation): Finding {
  const { counts, lost, duplicated } = check(ledger, observation);
  if (breachesOf(counts, new Set()).length > 0) return { counts, lost, duplicated, verdict: "broken" };
  return { counts, lost, duplicated, verdict: counts.written === 0 ? "unknown" : "holds" };
}

export const everyline: Checker = {
  name: "Everyline",
  method:
    "compares every text byte for byte with what was written under its number, and counts each number's copies",
  find(ledger, texts, hiddenCopies) {
    const observation = observationFor(ledger);
    observation.hiddenCopies = hiddenCopies;
    for (const text of texts) observation.add(text);
    return judged(ledger, [observation]);
  },
};
