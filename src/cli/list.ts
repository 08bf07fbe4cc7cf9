import type { Command } from "commander";
import { claims } from "../guarantees/table.ts";
import { describeBounds } from "../report/describe.ts";
import { plainTable } from "../report/plain-table.ts";
import { casesOf, loadScenarios } from "../run/scenario.ts";
import { listPipelines, loadPipeline } from "../stack/pipeline.ts";

/** `everyline list`: scenarios, pipelines and the guarantees table with what is known of each claim. */
export function addListCommand(program: Command): void {
  program
    .command("list")
    .description("show scenarios, pipelines and the guarantees table")
    .option("--json", "print one JSON document")
    .action(list);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const scenarios = (await loadScenarios()).flatMap(casesOf).map(({ name, summary }) => ({ name, summary }));
  const pipelines = await Promise.all((await listPipelines()).map(loadPipeline));
  const titles = pipelines.map(({ name, title }) => ({ name, title }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ scenarios, pipelines: titles, claims }, null, 2)}\n`);
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
    ["Pipelines", plainTable(titles.map(({ name, title }) => [name, title]))],
    [
      "Claims, and what runs of this version have shown",
      plainTable(claimRows, { head: ["claim", "promised", "known", "why"] }),
    ],
  ];
  process.stdout.write(sections.map(([title, table]) => `${title}\n${table}\n`).join("\n"));
}
