import { createTwoFilesPatch } from "diff";
import { anomalyKinds } from "../judge/counts.ts";
import type { RunDocument } from "../judge/run-document.ts";
import {
  describeBounds,
  describeDiscarded,
  describeKafka,
  describeRecovery,
  describeSeconds,
  describeSites,
  describeTimeLapse,
  grouped,
} from "./describe.ts";
import { describeLines } from "./describe-lines.ts";
import { describeLoad, describePlannedFault } from "./describe-plan.ts";
import { describeNotice } from "./words/alert-words.ts";
import { describeReasons } from "./words/reason-words.ts";

const maxRanges = 5;
const contextLines = 3;
/** Of a run of a version that stored no plan. */
const notStored = "not stored";

/** A stored run, and the files of its pipeline as they were started, by their paths in `pipeline/`. */
export interface ComparedRun {
  run: RunDocument;
  files: ReadonlyMap<string, string>;
}

/** Something that two runs have in different ways, in words; of several lines those that the other has not. */
interface Difference {
  what: string;
  one: string;
  other: string;
}

/** A file of the pipeline that is not the same in both runs, as a unified diff; of one that is missing in one run all lines. */
export interface FileDifference {
  path: string;
  onlyIn: "one" | "other" | null;
  patch: string;
}

/** `everyline compare --json`: what differs between two runs, and what does not. It judges neither. */
export interface Comparison {
  schema: "everyline/compare@1";
  one: string;
  other: string;
  /** What keeps the two from being told apart by one cause, a sentence each. */
  caveats: string[];
  different: Difference[];
  same: string[];
  files: FileDifference[];
}

/** What two runs are compared by, the outcome first; runs differ in it if they differ in these words. */
const facets: Record<string, (run: RunDocument) => string> = {
  verdict: ({ verdict }) => verdict,
  reasons: (run) => describeReasons(run).join("\n") || "none",
  scenario: ({ plan }) => plan.scenario,
  claim: ({ plan }) => plan.claim.id,
  promised: ({ plan }) => describeBounds(plan.claim.bounds),
  written: ({ counts }) => grouped(counts.written),
  delivered: ({ counts }) => grouped(counts.delivered),
  ...Object.fromEntries(
    anomalyKinds.map((kind) => [kind, ({ counts }: RunDocument) => grouped(counts[kind])] as const),
  ),
  "lost at": describeLostByHop,
  torn: ({ torn }) => grouped(torn.length),
  recovery: describeRecovery,
  "latency p50": ({ latencyMs }) => milliseconds(latencyMs?.p50),
  "latency p99": ({ latencyMs }) => milliseconds(latencyMs?.p99),
  "latency max": ({ latencyMs }) => milliseconds(latencyMs?.max),
  outage: ({ timings }) => describeSeconds(timings.outageSeconds),
  "took in all": ({ timings }) => describeSeconds(timings.totalSeconds),
  "time lapse": (run) => describeTimeLapse(run) ?? "none",
  kafka: (run) => describeKafka(run) ?? "none",
  sites: (run) => describeSites(run) ?? "none",
  refused: (run) => describeDiscarded(run) ?? "nothing",
  noticed: ({ alerts }) => (alerts === undefined ? notStored : describeNotice(alerts)),
  faults: ({ faults }) => linesOf(faults.map(describeFault)),
  load: ({ plan }) => (plan.load === undefined ? notStored : describeLoad(plan.load)),
  lines: (run) => describeLines(run) ?? "Everyline's own JSON",
  schedule: ({ plan }) =>
    plan.schedule === undefined ? notStored : linesOf(plan.schedule.map(describePlannedFault)),
  pipeline: ({ plan }) => plan.pipeline,
  layout: ({ plan }) => plan.layout,
  variables: ({ plan }) => linesOf(Object.entries(plan.variables).map(([name, value]) => `${name}=${value}`)),
  images: ({ images }) => linesOf(images.map(describeImage)),
  seed: ({ plan }) => plan.seed ?? "a new one",
  engine: ({ environment }) => `${environment.engine}, API ${environment.api}`,
  kernel: ({ environment }) => environment.kernel,
  machine: ({ environment }) =>
    `${environment.cpus} CPUs, ${(environment.memoryBytes / 1e9).toFixed(1)} GB of memory`,
  node: ({ environment }) => environment.node,
};

/** Puts two runs beside each other. */
export function compareRuns(one: ComparedRun, other: ComparedRun): Comparison {
  const pairs = Object.entries(facets).map(
    ([what, describe]): Difference => ({ what, one: describe(one.run), other: describe(other.run) }),
  );
  const files = fileDifferences(one, other);
  const isKnown = (pair: Difference) => pair.one !== notStored || pair.other !== notStored;
  const same = pairs
    .filter(isKnown)
    .filter((pair) => pair.one === pair.other)
    .map(({ what }) => what);
  const hasFiles = one.files.size > 0 && other.files.size > 0;
  return {
    schema: "everyline/compare@1",
    one: one.run.runId,
    other: other.run.runId,
    caveats: caveatsOf(one, other),
    different: pairs.filter((pair) => pair.one !== pair.other).map(withoutCommonLines),
    same: hasFiles && files.length === 0 ? [...same, "the pipeline's files"] : same,
    files,
  };
}

/** Of several images, say, only those that are not in both. */
function withoutCommonLines({ what, one, other }: Difference): Difference {
  const [lines, otherLines] = [one.split("\n"), other.split("\n")];
  const only = (own: string[], others: string[]) =>
    own.filter((line) => !others.includes(line)).join("\n") || "none";
  return { what, one: only(lines, otherLines), other: only(otherLines, lines) };
}

function caveatsOf(
  { run: one, files }: ComparedRun,
  { run: other, files: otherFiles }: ComparedRun,
): string[] {
  const caveats: string[] = [];
  if (one.runId === other.runId) caveats.push("This is one and the same run.");
  const [{ scenario, claim }, { scenario: otherScenario, claim: otherClaim }] = [one.plan, other.plan];
  if (scenario !== otherScenario)
    caveats.push(
      `They are runs of different scenarios, ${scenario} and ${otherScenario}: what differs may be due to that alone.`,
    );
  else if (describeBounds(claim.bounds) !== describeBounds(otherClaim.bounds))
    caveats.push("They were judged by different promises: the verdicts say nothing about each other.");
  if (one.counts.written !== other.counts.written)
    caveats.push("They did not write equally many lines: compare shares, and not counts.");
  for (const { runId, verdict, counts } of [one, other])
    if (verdict === "unknown" && counts.lost > 0)
      caveats.push(
        `The verdict on ${runId} is unknown: what is called lost of it may only not have been seen.`,
      );
  for (const { run, size } of [
    { run: one, size: files.size },
    { run: other, size: otherFiles.size },
  ])
    if (size === 0)
      caveats.push(`The files of the pipeline of ${run.runId} are not stored, so they are not compared.`);
  return caveats;
}

function fileDifferences(one: ComparedRun, other: ComparedRun): FileDifference[] {
  // Where a run has none stored, every file would seem to be new.
  if (one.files.size === 0 || other.files.size === 0) return [];
  const paths = [...new Set([...one.files.keys(), ...other.files.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [one.files.get(path), other.files.get(path)];
    if (before === after) return [];
    const onlyIn = after === undefined ? "one" : before === undefined ? "other" : null;
    const names = [one, other].map(({ run }) => `${run.runId}/pipeline/${path}`) as [string, string];
    const patch = createTwoFilesPatch(...names, before ?? "", after ?? "", undefined, undefined, {
      context: contextLines,
    });
    return [{ path, onlyIn, patch: patch.replace(/^=+\n/, "") } as const];
  });
}

/** Which lines each part of the pipeline was the last to have. */
function describeLostByHop({ lost }: RunDocument): string {
  const hops = [...Map.groupBy(lost, ({ hop }) => hop)].map(([hop, ranges]) => {
    const lines = ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const shown = ranges
      .slice(0, maxRanges)
      .map(({ source, from, to }) => `${source} ${from === to ? from : `${from}-${to}`}`);
    const more = ranges.length > maxRanges ? ` and ${ranges.length - maxRanges} more ranges` : "";
    return `${hop}: ${grouped(lines)} (${shown.join(", ")}${more})`;
  });
  return linesOf(hops, "nowhere");
}

function describeFault({ kind, target, effective }: RunDocument["faults"][number]): string {
  return `${kind} ${target}${effective ? "" : " (NOT EFFECTIVE)"}`;
}

/** The id as well: a tag may have been moved, and an image been built anew. */
function describeImage({ service, reference, id, origin }: RunDocument["images"][number]): string {
  return `${service}: ${reference} (${origin}, ${id.replace(/^sha256:/, "").slice(0, 12)})`;
}

function milliseconds(count: number | undefined): string {
  return count === undefined ? "-" : `${grouped(Math.round(count))} ms`;
}

function linesOf(lines: string[], otherwise = "none"): string {
  return lines.length === 0 ? otherwise : lines.join("\n");
}
