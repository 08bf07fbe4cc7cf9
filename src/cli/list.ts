import type { Command } from "commander";
import { claims } from "../guarantees/table.ts";
import { describeBounds } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { missingFor, ownClaim } from "../run/own-plan.ts";
import { casesOf, loadScenarios } from "../run/scenario.ts";
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
  const scenarios = (await loadScenarios()).flatMap(casesOf).map(({ name, summary }) => ({ name, summary }));
  const pipelines = await Promise.all(
    (await listPipelines()).map(async (name) => ({ name, ...(await describePipeline(name)) })),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ scenarios, pipelines, claims }, null, 2)}\n`);
    return;
  }
  const scenarioRows = scenarios.map(({ name, summary }) => [name, summary]);
  const claimRows = claims.map(({ id, bounds, measured }) => [
    id,
    describeBounds(bounds),
    measured.isRace ? `${measured.verdict}, a race` : measured.verdict,
    measured.why ?? "",
  ]);
  const sections = [
    ["Scenarios", plainTable(scenarioRows)],
    ["Pipelines, and their layouts", plainTable(pipelines.flatMap(rowsOf))],
    [
      "Claims, and what runs of this version have shown",
      plainTable(claimRows, { head: ["claim", "promised", "known", "why"] }),
    ],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n${table}\n`).join("\n"));
}

/** Which scenarios the parts of a pipeline of the user's own allow, and why the others are left out. */
async function listOwn({ pipeline, bounds }: OwnPipeline, json: boolean): Promise<void> {
  const runs = (await loadScenarios())
    .filter(({ bug, isSelfTest }) => bug === undefined && !isSelfTest)
    .flatMap(casesOf);
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
