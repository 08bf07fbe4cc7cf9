import type { RunDocument } from "../judge/run-document.ts";
import {
  describeBounds,
  describeCounts,
  describeDiscarded,
  describeKafka,
  describeLost,
  describeSeconds,
  describeSites,
  describeTimeLapse,
  describeTorn,
} from "./describe.ts";

const maxLostRanges = 50;
const maxTornLines = 50;

/** Runs as Markdown: the guarantees table, then each run that does not hold with its reasons, then what it ran on. */
export function renderMarkdown(runs: RunDocument[]): string {
  return `${["# Everyline", guaranteesTable(runs), ...runs.map(section), surroundings(runs)].join("\n\n")}\n`;
}

function guaranteesTable(runs: RunDocument[]): string {
  return [
    "| claim | promised | measured | recovery | verdict |",
    "|---|---|---|---|---|",
    ...runs.map((run) =>
      row([
        run.claim.id,
        describeBounds(run.claim.bounds),
        describeCounts(run),
        describeSeconds(run.timings.recoverySeconds),
        `**${run.verdict}**`,
      ]),
    ),
  ].join("\n");
}

function section(run: RunDocument): string {
  const lapse = describeTimeLapse(run);
  const discarded = describeDiscarded(run);
  const sites = describeSites(run);
  return [
    `## ${run.claim.id}: ${run.verdict}`,
    run.claim.text,
    ...run.reasons.map((reason) => `- ${escaped(reason)}`),
    ...run.faults.map(
      ({ kind, target, effective, evidence }) =>
        `- fault ${kind} ${target}, ${effective ? "effective" : "**not effective**"}: ${escaped(evidence)}`,
    ),
    ...(run.notes ?? []).map((note) => `- started with ${escaped(note)}`),
    ...(lapse === undefined ? [] : [`- time: ${lapse}`]),
    ...(sites === undefined ? [] : [`- sites: ${sites}`]),
    ...(run.kafka === null ? [] : [`- kafka: ${escaped(describeKafka(run)!)}`]),
    ...(discarded === undefined ? [] : [`- refused by Loki: ${escaped(discarded)}`]),
    ...describeTorn(run.torn, maxTornLines).map((line) => `- torn at the source: ${escaped(line)}`),
    ...describeLost(run, maxLostRanges).map((range) => `- lost: ${escaped(range)}`),
    `- layout ${run.layout}, run ${run.runId}, seed ${run.seed}, ${describeSeconds(run.timings.totalSeconds)}`,
  ].join("\n");
}

/** What some runs ran on: a section with their images and machines. */
export function surroundings(runs: RunDocument[]): string {
  const images = new Set(
    runs.flatMap((run) => run.images.map(({ reference, origin, id }) => `${reference} (${origin}, ${id})`)),
  );
  const machines = new Set(
    runs.map(({ environment: { engine, api, kernel, cpus, memoryBytes, node } }) => {
      const gibibytes = (memoryBytes / 2 ** 30).toFixed(1);
      return `Docker ${engine} (API ${api}), kernel ${kernel}, ${cpus} CPUs, ${gibibytes} GiB, Node ${node}`;
    }),
  );
  return ["## What it ran on", ...[...images, ...machines].map((line) => `- ${line}`)].join("\n");
}

/** One row of a table. */
export function row(cells: string[]): string {
  return `| ${cells.map(escaped).join(" | ")} |`;
}

/** Text from containers must not become markup: a line break would end a row, a pipe a cell. */
export function escaped(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replace(/\|/g, "\\|")
    .replace(/</g, "&lt;");
}
