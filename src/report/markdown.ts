import type { RunDocument } from "../judge/run-document.ts";
import { describeBounds, describeCounts, describeRecovery, describeSeconds } from "./describe.ts";
import { type FactName, factsOf, textsOf } from "./facts.ts";
import { describeFaultEvidence } from "./words/evidence-words.ts";

const limits = { lostRanges: 50, tornLines: 50, alerts: 50 };

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
        run.plan.claim.id,
        describeBounds(run.plan.claim.bounds),
        describeCounts(run),
        describeRecovery(run),
        `**${run.verdict}**`,
      ]),
    ),
  ].join("\n");
}

function section(run: RunDocument): string {
  const facts = factsOf(run, limits);
  const { plan, timings } = run;
  const items = (name: FactName, label: string) =>
    textsOf(facts, name).map((text) => `- ${label}${escaped(text)}`);
  return [
    `## ${plan.claim.id}: ${run.verdict}`,
    plan.claim.text,
    ...items("reason", ""),
    ...run.faults.map(
      (fault) =>
        `- fault ${fault.kind} ${fault.target}, ${fault.effective ? "effective" : "**not effective**"}: ${escaped(describeFaultEvidence(fault))}`,
    ),
    ...items("lines", "lines "),
    ...items("started with", "started with "),
    ...items("time", "time: "),
    ...items("sites", "sites: "),
    ...items("kafka", "kafka: "),
    ...items("refused", "refused "),
    ...items("torn at the source", "torn at the source: "),
    ...items("lost", "lost: "),
    ...items("noticed", "alerts: "),
    ...items("alert", "alert "),
    ...items("alerts not seen", "alerts not seen: "),
    `- layout ${plan.layout}, run ${run.runId}, seed ${plan.seed}, ${describeSeconds(timings.totalSeconds)}`,
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
