import { isLossCertain } from "../judge/loss-certainty.ts";
import type { RunDocument } from "../judge/run-document.ts";
import type { Claim } from "../plan/claim.ts";
import { describeLost, grouped } from "../report/describe.ts";
import { escaped, row, surroundings } from "../report/markdown.ts";
import { describeFaultEvidence } from "../report/words/evidence-words.ts";
import { describeReasons } from "../report/words/reason-words.ts";

const maxLostRanges = 4;

/** A publicly known defect of a part, and the scenarios that show it. */
export interface ReportedBug {
  title: string;
  /** Addresses. */
  threads: string[];
  scenarios: { name: string; summary: string }[];
}

/** All runs of one claim with the same parts in the same layout. */
interface Trial {
  claim: Claim;
  /** Whether it is a control that is expected to hold, next to those that show the defect. */
  isBeside: boolean;
  /** In the order in which they ran. */
  runs: RunDocument[];
}

/**
 * What stored runs show of known bugs, as Markdown: an overview, then each bug with the promise it breaks, the counts and the evidence of its
 * latest run. Everything in it comes from the runs, the scenarios and the guarantees table, so the same runs give the same text. Claims of a
 * bug that are known to hold are its controls: another pipeline, or another case. If all of them hold, the bug is refuted, and the
 * first pipeline of each scenario is the one that was expected to have it.
 *
 * @param runs those of other scenarios are left out
 * @param claims the guarantees table
 */
export function renderKnownBugs(bugs: ReportedBug[], runs: RunDocument[], claims: Claim[]): string {
  const ofBugs = bugs.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  const known = runs
    .filter(({ plan }) => ofBugs.includes(plan.scenario))
    .toSorted((one, other) => one.runId.localeCompare(other.runId));
  const trials = bugs.flatMap((bug) => trialsOf(bug, known, claims));
  return `${[
    "# Known bugs",
    introduction(known),
    overview(bugs, trials),
    ...bugs.map((bug) => section(bug, trials)),
    ...(known.length > 0 ? [surroundings(known)] : []),
  ].join("\n\n")}\n`;
}

function introduction(runs: RunDocument[]): string {
  const days = runs.flatMap(({ faults }) => faults.map(({ startedAt }) => startedAt.slice(0, 10))).sort();
  const [first, last] = [days.at(0), days.at(-1)];
  const when = first === undefined ? "" : ` of ${first === last ? first : `${first} to ${last}`}`;
  return [
    `Written by \`npm run known-bugs\` from ${runs.length} stored runs${when}; no figure here is written by hand.`,
    "Each run writes numbered lines, injects the faults of its scenario, and reads every line back.",
    "",
    "- **reproduced in N of M runs**: the promise was broken in N of them;",
    "- **refuted**: it was kept in every run, and each fault is proven to have taken effect;",
    "- **unknown**: no run came to a verdict;",
    "- **holds in N of M runs**: a control, with the same parts configured, used or broken in another way.",
  ].join("\n");
}

function overview(bugs: ReportedBug[], trials: Trial[]): string {
  const rows = bugs.flatMap(({ title, scenarios }) => {
    const ofBug = trials.filter(({ claim }) => scenarios.some(({ name }) => name === claim.scenario));
    const shown = ofBug.filter(({ isBeside }) => !isBeside);
    const isShown = (scenario: string) => shown.some(({ claim }) => claim.scenario === scenario);
    return shown.map((trial) => {
      const { scenario, pipeline } = trial.claim;
      const beside = ofBug.filter(
        ({ isBeside, claim }) => isBeside && (claim.scenario === scenario || !isShown(claim.scenario)),
      );
      const describe = (other: Trial) => {
        const where = other.claim.scenario === scenario ? "" : `\`${other.claim.scenario}\` on `;
        return `${where}${other.claim.pipeline}: ${verdictOf(other)}`;
      };
      const verdict = `**${verdictOf(trial)}**`;
      return [
        title,
        `\`${scenario}\``,
        pipeline,
        partsOf(trial),
        verdict,
        beside.map(describe).join("; ") || "none",
      ];
    });
  });
  return table(["bug", "scenario", "pipeline", "parts", "verdict", "control"], rows);
}

function section({ title, threads, scenarios }: ReportedBug, trials: Trial[]): string {
  return [
    `## ${title}`,
    `Reported in ${threads.map((thread) => `<${thread}>`).join(", ")}.`,
    ...scenarios.map(({ name, summary }) => {
      const ofScenario = trials.filter(({ claim }) => claim.scenario === name);
      const promises = new Set(ofScenario.map(({ claim: { text, source } }) => `${text} (${source})`));
      return [
        `### \`${name}\``,
        summary,
        ...[...promises].map((promise) => `The promise: ${promise}`),
        countsTable(ofScenario),
        ...ofScenario.filter(({ isBeside }) => !isBeside).flatMap(evidence),
      ].join("\n\n");
    }),
  ].join("\n\n");
}

function countsTable(trials: Trial[]): string {
  const rows = trials.map((trial) => [
    trial.isBeside ? `${trial.claim.pipeline} (control)` : trial.claim.pipeline,
    partsOf(trial),
    `**${verdictOf(trial)}**`,
    distinct(trial.runs.map(({ counts }) => grouped(counts.written))).join("; "),
    ofEach(trial, ({ counts }) => counts.lost),
    distinct(trial.runs.flatMap((run) => (isLossCertain(run) ? run.lost.map(({ hop }) => hop) : []))).join(
      ", ",
    ),
    ofEach(trial, ({ counts }) => counts.duplicated),
    ofEach(trial, ({ counts }) => counts.corrupted + counts.truncated + counts.merged + counts.unexpected),
  ]);
  return table(["pipeline", "parts", "verdict", "written", "lost", "at hop", "duplicated", "damaged"], rows);
}

/** The evidence of its latest run; nothing for a claim that no run tested. */
function evidence({ claim, runs }: Trial): string[] {
  const run = runs.findLast(({ verdict }) => verdict === "broken") ?? runs.at(-1);
  if (run === undefined) return [];
  const facts = [
    ...(claim.measured.why === undefined ? [] : [`why: ${claim.measured.why}`]),
    ...run.faults.map(
      (fault) =>
        `fault ${fault.kind} ${fault.target}${fault.effective ? "" : ", not effective"}: ${describeFaultEvidence(fault)}`,
    ),
    ...describeLost(run, maxLostRanges).map((range) => `lost: ${range}`),
    ...Object.entries(run.discarded).map(([reason, lines]) => `refused by Loki: ${reason} ${lines} times`),
    ...(run.verdict === "unknown" ? describeReasons(run) : []),
  ];
  return [
    [
      `On ${run.plan.pipeline}, run ${run.runId}, seed ${run.plan.seed}:`,
      "",
      ...facts.map((fact) => `- ${escaped(fact)}`),
    ].join("\n"),
  ];
}

function trialsOf({ scenarios }: ReportedBug, runs: RunDocument[], claims: Claim[]): Trial[] {
  const ofBug = claims.filter(({ scenario }) => scenarios.some(({ name }) => name === scenario));
  const isKnownToBreak = ofBug.some(({ measured }) => measured.verdict !== "holds");
  return ofBug.flatMap((claim) => {
    const isFirst = claim === ofBug.find(({ scenario }) => scenario === claim.scenario);
    const isBeside = claim.measured.verdict === "holds" && (isKnownToBreak || !isFirst);
    const ofClaim = runs.filter((run) => run.plan.claim.id === claim.id);
    if (ofClaim.length === 0) return [{ claim, isBeside, runs: [] }];
    const alike = Map.groupBy(ofClaim, (run) => `${run.plan.layout} ${describeParts(run)}`);
    return [...alike.values()].map((runs) => ({ claim, isBeside, runs }));
  });
}

function verdictOf({ isBeside, runs }: Trial): string {
  const count = (verdict: RunDocument["verdict"]) => runs.filter((run) => run.verdict === verdict).length;
  const [broken, held] = [count("broken"), count("holds")];
  const ofRuns = `of ${runs.length} run${runs.length === 1 ? "" : "s"}`;
  if (runs.length === 0) return "not run";
  if (broken > 0) return `${isBeside ? "broken" : "reproduced"} in ${broken} ${ofRuns}`;
  if (isBeside && held > 0) return `holds in ${held} ${ofRuns}`;
  if (held === runs.length) return `refuted in ${held} ${ofRuns}`;
  return held > 0 ? `unknown: kept in ${held} ${ofRuns}, no verdict in the others` : "unknown";
}

function partsOf({ runs: [run] }: Trial): string {
  return run === undefined
    ? ""
    : `${describeParts(run)}${run.plan.layout === "single" ? "" : ` (${run.plan.layout})`}`;
}

/** Each part and its version, as the run's images have it. */
function describeParts({ images }: RunDocument): string {
  const parts = images.map(
    ({ reference, version }) => `${reference.split("/").at(-1)!.split(":")[0]} ${version}`,
  );
  return distinct(parts).sort().join(", ");
}

/** A count of each run; unknown for a run without a verdict. */
function ofEach({ runs }: Trial, count: (run: RunDocument) => number): string {
  return runs.map((run) => (run.verdict === "unknown" ? "?" : grouped(count(run)))).join("; ");
}

function distinct<Value>(values: Value[]): Value[] {
  return [...new Set(values)];
}

function table(head: string[], rows: string[][]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}
