import type { Command } from "commander";
import type { Claim } from "../guarantees/claim.ts";
import { claims } from "../guarantees/table.ts";
import { describeBounds } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { missingFor, ownClaim } from "../run/own-plan.ts";
import { casesOf, loadScenarios, type Scenario } from "../run/scenario.ts";
import { describePipeline, listPipelines } from "../stack/pipeline.ts";
import { loadOwnPipeline, type OwnPipeline } from "./own-pipeline.ts";

/** `everyline list`: scenarios, pipelines and the guarantees table with what is known of each claim. */
export function addListCommand(program: Command): void {
  program
    .command("list")
    .description("show scenarios, pipelines and the guarantees table")
    .option(
      "--config <file>",
      "a pipeline of your own (default: everyline.config.yaml or .ts of this folder)",
    )
    .option("--json", "print one JSON document")
    .action(list);
}

async function list({ json, config }: { json?: boolean; config?: string }): Promise<void> {
  const own = await loadOwnPipeline(config === undefined ? {} : { config });
  if (own !== undefined) return listOwn(own, json ?? false);
  const runs = (await loadScenarios()).flatMap(casesOf);
  const scenarios = runs.map(({ name, summary }) => ({ name, summary }));
  const pipelines = await Promise.all(
    (await listPipelines()).map(async (name) => ({ name, ...(await describePipeline(name)) })),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ scenarios, pipelines, claims }, null, 2)}\n`);
    return;
  }
  const tested = new Set(runs.filter(({ scenario }) => isOfTheDocument(scenario)).map(({ name }) => name));
  const rowsFor = (isTested: boolean) =>
    scenarios.filter(({ name }) => tested.has(name) === isTested).map(({ name, summary }) => [name, summary]);
  const claimsFor = (isTested: boolean) =>
    plainTable(claims.filter(({ scenario }) => tested.has(scenario) === isTested).map(claimRow), {
      head: ["claim", "promised", "known", "why"],
    });
  const sections = [
    ["Scenarios", plainTable(rowsFor(true))],
    ["Known bugs, and what puts Everyline itself to the test", plainTable(rowsFor(false))],
    ["Pipelines, and their layouts", plainTable(pipelines.flatMap(rowsOf))],
    ["Claims, and what runs of this version have shown", claimsFor(true)],
    ["The same of known bugs, and of Everyline's own test", claimsFor(false)],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n${table}\n`).join("\n"));
}

function isOfTheDocument({ bug, isSelfTest }: Scenario): boolean {
  return bug === undefined && !isSelfTest;
}

function claimRow({ id, bounds, measured }: Claim): string[] {
  const known = measured.isRace ? `${measured.verdict}, a race` : measured.verdict;
  return [id, describeBounds(bounds), known, measured.why ?? ""];
}

/** Which scenarios the parts of a pipeline of the user's own allow, and why the others are left out. */
async function listOwn({ pipeline, bounds }: OwnPipeline, json: boolean): Promise<void> {
  const runs = (await loadScenarios()).filter(isOfTheDocument).flatMap(casesOf);
  const rows = runs.map((run) => ({ run, missing: missingFor(pipeline, run) }));
  const scenarios = rows.flatMap(({ run, missing }) => {
    if (missing !== undefined) return [];
    const { text } = ownClaim(pipeline, run, bounds, { wanted: {}, isRealTime: false });
    return [{ name: run.name, text }];
  });
  const leftOut = rows.flatMap(({ run, missing }) =>
    missing === undefined ? [] : [{ name: run.name, why: missing }],
  );
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ pipeline: pipeline.name, bounds, scenarios, leftOut }, null, 2)}\n`,
    );
    return;
  }
  const sections = [
    [
      `Scenarios that ${pipeline.name} has the parts for`,
      plainTable(scenarios.map(({ name, text }) => [name, text])),
    ],
    ["Left out", plainTable(leftOut.map(({ name, why }) => [name, why]))],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n${table}\n`).join("\n"));
}

/** A pipeline that has but one layout needs no choice, so none is shown. */
function rowsOf({
  name,
  title,
  layouts,
}: {
  name: string;
  title: string;
  layouts: { name: string; title: string }[];
}) {
  if (layouts.length === 1) return [[name, title]];
  return [[name, title], ...layouts.map((layout) => [`  --layout ${layout.name}`, layout.title])];
}
