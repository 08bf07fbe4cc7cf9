import type { Verdict } from "../plan/verdict.ts";
import { isMachineAtItsEnd } from "./limits-of-trials.ts";
import type { Overload, OverloadReason } from "./throughput-document.ts";

/** If less than this of the highest rate was written, the pipeline was not overloaded. */
const leastFactor = 1.5;

/**
 * Whether a pipeline stands an overload. `broken` needs a line that was certainly lost or damaged, or an instance that ended, or a pipeline that did
 * not catch up although this machine had processors left; `holds` needs every line, and that nothing lagged any more within the bound.
 */
export function overloadVerdict(measured: Omit<Overload, "verdict" | "why">): {
  verdict: Verdict;
  why: OverloadReason;
} {
  const { highest, over, after, ended, isBacklogLeft, caughtUpSeconds, boundSeconds } = measured;
  if (!isBacklogLeft && over.lost + after.lost > 0) return { verdict: "broken", why: "lost" };
  if (over.damaged + after.damaged > 0) return { verdict: "broken", why: "damaged" };
  if (ended.length > 0) return { verdict: "broken", why: "instance-ended" };
  if (over.writtenRate < leastFactor * highest) return { verdict: "unknown", why: "writer" };
  if (caughtUpSeconds !== null && caughtUpSeconds <= boundSeconds)
    return { verdict: "holds", why: "caught-up" };
  return isMachineAtItsEnd({ processors: after.processors, writtenLate: 0 })
    ? { verdict: "unknown", why: "machine-at-its-end" }
    : { verdict: "broken", why: "not-caught-up" };
}
