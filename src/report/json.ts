import type { RunDocument } from "../judge/run-document.ts";

/** What `--json` prints: the document of one run, or several under `runs`. */
export function renderJson(runs: RunDocument[]): string {
  return `${JSON.stringify(runs.length === 1 ? runs[0] : { runs }, null, 2)}\n`;
}
