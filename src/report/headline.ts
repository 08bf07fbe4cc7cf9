import type { RunDocument } from "../judge/run-document.ts";
import { describeBounds, grouped } from "./describe.ts";
import { describeFaults } from "./describe-faults.ts";

const maxReasonLength = 240;

/** How the judge words that a bound was broken, and how a headline does. */
const breachForms: [RegExp, (match: RegExpExecArray, run: RunDocument) => string][] = [
  [/^(\d+) of (\d+) lines were lost;/, ([, lost, written]) => `${of(lost, written)} were lost`],
  [
    /^Lines written over ([\d.]+|Infinity) s were lost; only a window below ([\d.]+) s may be/,
    ([, over, bound], { counts }) =>
      `${of(counts.lost, counts.written)} were lost, written over ${over} s where less than ${bound} s is allowed`,
  ],
  [
    /^A line that was (.+) old when the outage ended was lost; only older ones than (.+) may be/,
    ([, age, bound]) => `a log line only ${age} old was lost, where only lines older than ${bound} may be`,
  ],
  [
    /^Acknowledged lines written over ([\d.]+) s were missing in the second site; only a window below ([\d.]+) s/,
    ([, over, bound]) =>
      `acknowledged log lines of ${over} s were missing in the second site, where less than ${bound} s is allowed`,
  ],
  [
    /^(\d+) surplus copies came back;/,
    ([, copies]) => countOf(copies, "surplus copy", "surplus copies", "came back"),
  ],
  [
    /^(\d+) lines came back (corrupted|truncated|merged|unexpected);/,
    ([, lines, kind]) => `${countOf(lines, "log line", "log lines", "came back")} ${kind}`,
  ],
];

/** Which reasons of a run say that a bound was broken, as a headline words them. */
function breachesIn(run: RunDocument): string[] {
  if (run.verdict !== "broken") return [];
  return run.reasons.flatMap((reason) => {
    for (const [form, word] of breachForms) {
      const match = form.exec(reason);
      if (match) return [word(match, run)];
    }
    return [];
  });
}

/** Whether the run's reading can be trusted to tell lost lines from lines that were only not seen. */
export function isLossCertain(run: RunDocument): boolean {
  const { counts, verdict, reasons } = run;
  if (verdict !== "broken") return verdict === "holds";
  // The judge names a loss beyond the bound only where everything was read; any other may be a line that was not seen.
  return counts.lost === 0 || reasons.some((reason) => / lost; only |lines were lost;/.test(reason));
}

/** What came of a run, in one sentence for someone who knows none of the words. */
export function headlineOf(run: RunDocument): string {
  if (run.verdict === "holds") return holding(run);
  if (run.verdict === "unknown")
    return `Whether the promise holds is not known: ${inSentence(run.reasons[0] ?? "no reason was recorded")}.`;
  const breaches = breachesIn(run);
  const faults = describeFaults(run);
  const when = faults === undefined ? "" : ` when ${faults}`;
  if (breaches.length === 0)
    return `The promise was broken: ${inSentence(run.reasons[0] ?? "no reason was recorded")}.`;
  return `The promise was broken: ${listed(breaches)}${when}.`;
}

function holding(run: RunDocument): string {
  const { counts, claim, sites } = run;
  const { written, delivered, lost, duplicated } = counts;
  const faults = describeFaults(run);
  const though = faults === undefined ? "" : `, though ${faults}`;
  const allowed = `which the promise (${describeBounds(claim.bounds)}) allows`;
  const returned =
    lost === 0
      ? `all ${grouped(written)} log lines came back${duplicated === 0 ? ", each exactly once" : ""}`
      : `${grouped(delivered)} of ${grouped(written)} log lines came back and ${grouped(lost)} were lost, ${allowed}`;
  const copies =
    duplicated === 0 ? "" : `; ${countOf(duplicated, "surplus copy", "surplus copies", "came back too")}`;
  const rpo =
    sites !== null && claim.bounds.rpoSeconds !== undefined
      ? `; the recovery point was ${sites.isUpperBound ? "at most " : ""}${sites.rpoSeconds.toFixed(2)} s, below the ${claim.bounds.rpoSeconds} s allowed`
      : "";
  return `The promise was kept: ${returned}${though}${rpo}${copies}.`;
}

function of(some: string | number | undefined, all: string | number | undefined): string {
  return `${grouped(Number(some))} of ${grouped(Number(all))} log lines`;
}

function countOf(count: string | number | undefined, one: string, many: string, verb: string): string {
  return `${grouped(Number(count))} ${Number(count) === 1 ? one : many} ${verb}`;
}

function listed(clauses: string[]): string {
  if (clauses.length < 3) return clauses.join(" and ");
  return `${clauses.slice(0, -1).join(", ")} and ${clauses.at(-1)}`;
}

/** The first line of a text as the end of a sentence. */
function inSentence(text: string): string {
  const [first = ""] = text.trim().split("\n");
  const cut = first.length > maxReasonLength ? `${first.slice(0, maxReasonLength).trimEnd()}…` : first;
  return cut.replace(/^(The|A|No|Not|Lines|It) /, (word) => word.toLowerCase()).replace(/[.:\s]+$/, "");
}
