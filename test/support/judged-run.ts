import { type Evidence, judge } from "../../src/judge/judge.ts";
import type { RunDocument } from "../../src/judge/run-document.ts";
import { runWith } from "./reported-run.ts";

/** A stop of the sink that took effect. */
export const stop = (seconds: number): RunDocument["faults"][number] => ({
  kind: "stop",
  target: "sink",
  startedAt: "2026-01-02T03:04:05.000Z",
  endedAt: new Date(Date.UTC(2026, 0, 2, 3, 4, 5) + seconds * 1_000).toISOString(),
  effective: true,
  evidence: [],
  held: null,
  shipperGivesUp: null,
});

/** A run judged by the judge itself. */
export function judged(
  evidence: Partial<Evidence> & Pick<Evidence, "bounds">,
  changes: Partial<RunDocument> = {},
): RunDocument {
  const counts = { ...runWith({}).counts, ...evidence.counts };
  const judgement = judge({
    lostWindowSeconds: 0,
    youngestLostSeconds: undefined,
    rpo: undefined,
    faults: [],
    doubts: [],
    reservations: [],
    ...evidence,
    counts,
  });
  return runWith({
    faults: [stop(12)],
    ...changes,
    ...judgement,
    counts,
    plan: {
      ...runWith({}).plan,
      claim: { id: "direct/x", text: "No line is lost.", bounds: evidence.bounds },
    },
  });
}
