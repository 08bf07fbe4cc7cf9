import { leavesLossOpen } from "./reasons.ts";
import type { RunDocument } from "./run-document.ts";

const lossBreaches: ReadonlySet<string> = new Set(["lost", "lost-window", "lost-young"]);

/**
 * Whether a line that did not come back counts as lost. With a doubt about the reading it may only not have been seen, and where the
 * verdict is `unknown` no line is called lost.
 */
export function isLossCertain({ verdict, reasons, counts }: RunDocument): boolean {
  if (verdict !== "broken") return verdict === "holds";
  // The judge names a loss only where everything was read.
  const isNamed = reasons.some(({ code }) => lossBreaches.has(code));
  return counts.lost === 0 || isNamed || !reasons.some(leavesLossOpen);
}
