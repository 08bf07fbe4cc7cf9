import type { RunDocument } from "../judge/run-document.ts";

/** The first of the lines that crashes tore at the source, and how many more there are. */
export function describeTorn(torn: RunDocument["torn"], maxLines: number): string[] {
  const shown = torn.slice(0, maxLines).map(({ source, sequence, bytes, lineBytes, arrived }) => {
    const fate = arrived ? "came back as it was" : "did not come back, which is no loss";
    return `${source} line ${sequence}: ${bytes} of ${lineBytes} bytes, left by a crash; ${fate}`;
  });
  const omitted = torn.length - shown.length;
  return omitted > 0 ? [...shown, `and ${omitted} more`] : shown;
}
