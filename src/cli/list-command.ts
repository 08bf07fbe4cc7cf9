import { resolve } from "node:path";
import { Argument, type Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { loadOwnPipeline, type OwnPipeline } from "../custom/chosen-pipeline.ts";
import { missingFor, ownClaim } from "../custom/own-plan.ts";
import { unconfiguredNote } from "../custom/unconfigured.ts";
import { describePipeline, listPipelines } from "../pipeline/pipeline.ts";
import { claims } from "../plan/claims/table.ts";
import { casesOf, isOfTheDocument, loadScenarios } from "../plan/scenario.ts";
import { aboutText, claimsText, pipelinesText, scenariosText, sectionsText } from "./kit/list-text.ts";
import { repeated } from "./kit/repeated-option.ts";
import { textWidth } from "./kit/text-width.ts";

const sectionNames = ["scenarios", "pipelines", "claims"] as const;
type Section = (typeof sectionNames)[number];

interface ListOptions {
  json?: boolean;
  config?: string;
  envFile?: string[];
  profile?: string[];
}

/** `everyline list`: scenarios, pipelines and the guarantees table with the known result of each claim. */
export function addListCommand(program: Command): void {
  program
    .command("list")
    .description("show scenarios, pipelines and the guarantees table")
    .addArgument(new Argument("[section]", "only one of these").choices(sectionNames))
    .option(
      "--config <file>",
      "a pipeline of your own (default: everyline.config.yaml or .ts of this folder)",
    )
    .option("--env-file <file>", "a file with variables for your Compose files; may be repeated", repeated)
    .option("--profile <name>", "a profile of your Compose files that is active; may be repeated", repeated)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline list                                    everything there is
  everyline list scenarios                          what can be made to happen
  everyline list claims --json                      what is promised, and what runs have shown of it, for a program
  everyline list --config everyline.config.yaml     which scenarios a pipeline of your own has the parts for`,
    )
    .action(list);
}

async function list(section: Section | undefined, options: ListOptions): Promise<void> {
  const { json, ...ofOwn } = options;
  const { config } = ofOwn;
  const wanted = section === undefined ? sectionNames : [section];
  // For a custom pipeline only scenarios can be listed; the other sections are about Everyline's own pipelines.
  const isAboutOwn = wanted.includes("scenarios");
  if (!isAboutOwn && config !== undefined)
    throw new UsageError(`--config is for scenarios; omit it to list ${section}.`);
  const own = isAboutOwn ? await loadOwnPipeline(ofOwn) : undefined;
  if (own !== undefined) return listOwn(own, json ?? false);
  process.stderr.write(await unconfiguredNote(resolve(".")));
  const runs = (await loadScenarios()).flatMap(casesOf);
  const scenarios = runs.map(({ name, summary }) => ({ name, summary }));
  const pipelines = await Promise.all(
    (await listPipelines()).map(async (name) => ({ name, ...(await describePipeline(name)) })),
  );
  if (json) {
    const all = { scenarios, pipelines, claims };
    const document = Object.fromEntries(wanted.map((name) => [name, all[name]]));
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const width = textWidth(process.stdout);
  const tested = new Set(runs.filter(({ scenario }) => isOfTheDocument(scenario)).map(({ name }) => name));
  const scenariosOf = (isTested: boolean) =>
    scenariosText(
      scenarios.filter(({ name }) => tested.has(name) === isTested),
      width,
    );
  const claimsOf = (isTested: boolean) =>
    claimsText(
      claims.filter(({ scenario }) => tested.has(scenario) === isTested),
      width,
    );
  const sections: Record<Section, [title: string, body: string][]> = {
    scenarios: [
      ["Scenarios", scenariosOf(true)],
      ["Known bugs, alert drills, and tests of Everyline itself", scenariosOf(false)],
    ],
    pipelines: [["Pipelines, and their layouts", pipelinesText(pipelines, width)]],
    claims: [
      ["Claims, and what runs of this version have shown", claimsOf(true)],
      ["The same for known bugs, alert drills, and the tests of Everyline itself", claimsOf(false)],
    ],
  };
  process.stdout.write(sectionsText(wanted.flatMap((name) => sections[name])) + aboutText(width));
}

/** Which scenarios a custom pipeline has the parts for, and why the others are left out. */
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
  const width = textWidth(process.stdout);
  process.stdout.write(
    sectionsText([
      [
        `Scenarios that ${pipeline.name} has the parts for`,
        scenariosText(
          scenarios.map(({ name, text }) => ({ name, summary: text })),
          width,
        ),
      ],
      [
        "Left out",
        scenariosText(
          leftOut.map(({ name, why }) => ({ name, summary: why })),
          width,
        ),
      ],
    ]),
  );
}
