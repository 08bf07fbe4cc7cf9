import { stringify } from "yaml";
import type { RunDocument } from "../judge/run-document.ts";
import { factsOf, textsOf } from "./facts.ts";

const limits = { lostRanges: 20, tornLines: 0, alerts: 0 };

/**
 * A run in the Test Anything Protocol, version 14 (https://testanything.org/tap-version-14-specification.html): one test point, with what
 * was found as its YAML diagnostics. `unknown` is `not ok`, as `broken` is: no consumer counts a run without a verdict as passed.
 */
export function renderTap(run: RunDocument): string {
  const { plan, verdict, timings } = run;
  const facts = factsOf(run, limits);
  const diagnostics = {
    verdict,
    promised: textsOf(facts, "promised")[0],
    measured: textsOf(facts, "measured")[0],
    reasons: textsOf(facts, "reason"),
    lost: textsOf(facts, "lost"),
    ...(run.alerts === undefined ? {} : { alerts: textsOf(facts, "noticed") }),
    duration_ms: Math.round(timings.totalSeconds * 1_000),
  };
  const block = stringify(diagnostics, { lineWidth: 0 }).trimEnd().split("\n");
  return [
    "TAP version 14",
    "1..1",
    `${verdict === "holds" ? "ok" : "not ok"} 1 - ${escaped(`${plan.claim.id}: ${plan.claim.text}`)}`,
    "  ---",
    ...block.map((line) => `  ${line}`),
    "  ...",
    "",
  ].join("\n");
}

/** A description is one line, and an unescaped `#` would begin a directive such as `# SKIP`. */
function escaped(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\#]/g, (character) => `\\${character}`);
}
