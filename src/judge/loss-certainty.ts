import { isAboutNotice, isRemark, leavesLossOpen } from "./reasons.ts";
import type { RunDocument } from "./run-document.ts";

const lossBreaches: ReadonlySet<string> = new Set(["lost", "lost-window", "lost-young", "silent-loss"]);

/**
 * Whether missing lines are known to be lost. If there is a doubt about the reading, a missing line may only not have been read. If the
 * verdict is `unknown`, no line is called lost, unless all that is not known is whether an alert noticed it.
 */
export function isLossCertain({
  verdict,
  reasons,
  counts,
}: Pick<RunDocument, "verdict" | "reasons" | "counts">): boolean {
  if (verdict === "holds") return true;
  if (verdict === "unknown")
    return (
      reasons.some(isAboutNotice) && reasons.every((reason) => isAboutNotice(reason) || isRemark(reason))
    );
  // The judge reports a loss only if everything was read.
  const isNamed = reasons.some(({ code }) => lossBreaches.has(code));
  return counts.lost === 0 || isNamed || !reasons.some(leavesLossOpen);
}
