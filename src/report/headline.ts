import { describeDuration } from "../base/duration.ts";
import { type Breach, isBreach } from "../judge/reasons.ts";
import type { RunDocument } from "../judge/run-document.ts";
import { describeBounds, describeRecoveryPoint, grouped } from "./describe.ts";
import { missedWords } from "./words/alert-words.ts";
import { describeFaults } from "./words/faults.ts";
import { describeReasons } from "./words/reason-words.ts";

const maxReasonLength = 240;

/** Which bounds a run has broken, as a headline words them. */
function breachesIn({ verdict, reasons, counts }: RunDocument): string[] {
  if (verdict !== "broken") return [];
  return reasons.filter(isBreach).map((breach) => describeBreach(breach, counts));
}

function describeBreach(breach: Breach, counts: RunDocument["counts"]): string {
  switch (breach.code) {
    case "lost":
      return `${of(breach.lines, breach.written)} were lost`;
    case "lost-window": {
      const over = breach.seconds === null ? "an unknown time" : `${breach.seconds.toFixed(1)} s`;
      return `${of(counts.lost, counts.written)} were lost, written over ${over} where less than ${breach.below} s is allowed`;
    }
    case "lost-young": {
      const age =
        breach.ageSeconds === null ? "of unknown age" : `only ${describeAge(breach.ageSeconds)} old`;
      return `a log line ${age} was lost, where only lines older than ${describeAge(breach.atLeast)} may be`;
    }
    case "recovery-point":
      return `acknowledged log lines of ${breach.seconds.toFixed(2)} s were missing in the second site, where less than ${breach.below} s is allowed`;
    case "recovery-time":
      return `the last log line of the outage was readable only ${breach.seconds.toFixed(1)} s after it, where ${breach.most} s are allowed`;
    case "duplicated":
      return countOf(breach.copies, "surplus copy", "surplus copies", "came back");
    case "damaged":
      return `${countOf(breach.lines, "log line", "log lines", "came back")} ${breach.damage}`;
    case "alert-missed":
      return `the alert ${breach.alert} ${missedWords[breach.what]}`;
    case "silent-loss":
      return `no alert fired although ${countOf(breach.lines, "log line was", "log lines were", "lost")}`;
  }
}

/** Rounded down: what is a moment too young must not read as old enough. */
function describeAge(seconds: number): string {
  return describeDuration(Math.floor(seconds));
}

/** What came of a run, in one sentence for someone who knows none of the words. */
export function headlineOf(run: RunDocument): string {
  if (run.verdict === "holds") return holding(run);
  if (run.verdict === "unknown")
    return `Whether the promise holds is not known: ${inSentence(firstReason(run))}.`;
  const breaches = breachesIn(run);
  const faults = describeFaults(run);
  const when = faults === undefined ? "" : ` when ${faults}`;
  if (breaches.length === 0) return `The promise was broken: ${inSentence(firstReason(run))}.`;
  return `The promise was broken: ${listed(breaches)}${when}.`;
}

function holding(run: RunDocument): string {
  const { counts, sites } = run;
  const { claim } = run.plan;
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
      ? `; the recovery point was ${describeRecoveryPoint(sites.rpoSeconds, sites.isUpperBound)}, below the ${claim.bounds.rpoSeconds} s allowed`
      : "";
  return `The promise was kept: ${returned}${though}${rpo}${copies}.`;
}

function firstReason(run: RunDocument): string {
  return describeReasons(run)[0] ?? "no reason was recorded";
}

function of(some: number, all: number): string {
  return `${grouped(some)} of ${grouped(all)} log lines`;
}

function countOf(count: number, one: string, many: string, verb: string): string {
  return `${grouped(count)} ${count === 1 ? one : many} ${verb}`;
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
