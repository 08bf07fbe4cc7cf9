import type { ReadProblem } from "../../src/base/read-problem.ts";
import { assess } from "../../src/judge/assess.ts";
import type { Counts } from "../../src/judge/counts.ts";
import { type Observation, observationFor } from "../../src/judge/observation.ts";
import type { Ledger } from "../../src/load/ledger.ts";
import type { Bounds } from "../../src/pipeline/bounds.ts";
import type { Verdict } from "../../src/plan/verdict.ts";
import { describeReason } from "../../src/report/words/reason-words.ts";
import { runWith } from "./reported-run.ts";

/** The run that a reading from Loki is judged as a part of. */
export const runOfLoki = runWith({ plan: { ...runWith({}).plan, sink: "loki" } });

/** What a run without faults of which no more is known than what was read comes to, as reports tell it. */
export function judgedReading(
  ledger: Ledger,
  bounds: Bounds,
  readings: { observation: Observation }[],
  failure: ReadProblem | null,
): { verdict: Verdict; counts: Counts; reasons: string[] } {
  const observations = readings.map(({ observation }) => observation);
  const { findings, judgement } = assess({
    bounds,
    ledger,
    observations: observations.length > 0 ? observations : [observationFor(ledger)],
    faults: [],
    doubts: failure === null ? [] : [{ code: "not-read", problem: failure }],
    reservations: [],
    late: 0,
  });
  const reasons = judgement.reasons.map((reason) => describeReason(reason, runOfLoki));
  return { verdict: judgement.verdict, counts: findings.counts, reasons };
}
