import type { RunDocument } from "../judge/run-document.ts";

/** The reasons, and remarks, beside which every line that was delivered is known. Any other makes a run uncertain. */
const harmless = new Set<RunDocument["reasons"][number]["code"]>([
  ...(["lost", "lost-window", "lost-young", "recovery-time", "duplicated", "damaged"] as const),
  ...(["read-again", "log-replayed", "clock-skew"] as const),
]);

/** Whether a run is known to have delivered exactly the lines that it counts, over a fault that took effect. */
export function isCertain({ verdict, reasons, faults }: RunDocument): boolean {
  return (
    verdict !== "unknown" &&
    faults.every(({ effective }) => effective) &&
    reasons.every(({ code }) => harmless.has(code))
  );
}
