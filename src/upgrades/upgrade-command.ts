import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { integerOption } from "../cli/kit/integer-option.ts";
import { interruptSignal } from "../cli/kit/interrupt.ts";
import { repeated } from "../cli/kit/repeated-option.ts";
import { describeNotPossible } from "../nights/night-rows.ts";
import { parseImageOverride } from "../pipeline/image-overrides.ts";
import { openPlace } from "../places/open-place.ts";
import { loadScenarios } from "../plan/scenario.ts";
import { newRunId } from "../store/run-id.ts";
import { carryOutUpgrade } from "./carry-out-upgrade.ts";
import { type Decision, reportUpgrade } from "./upgrade.ts";
import type { UpgradeDocument } from "./upgrade-document.ts";
import { planUpgrade, type UpgradePlan } from "./upgrade-plan.ts";
import { renderUpgrade } from "./upgrade-terminal.ts";
import { writeUpgradeReports } from "./write-upgrade-reports.ts";

const maxRepeats = 100;
const exitCodeOf: Record<Decision, number> = { go: 0, "no-go": 1, undecided: 2 };

interface UpgradeOptions {
  from: ReadonlyMap<string, string>;
  to: ReadonlyMap<string, string>;
  pipeline?: string[];
  scenario?: string[];
  layout?: string;
  swapOnly?: boolean;
  repeat: number;
  dryRun?: boolean;
  json?: boolean;
  out: string;
}

/** `everyline upgrade`: tests an upgrade before it is made, and says go or no-go. */
export function addUpgradeCommand(program: Command): void {
  program
    .command("upgrade")
    .description("compare two versions of a part, test the upgrade itself under load, and say go or no-go")
    .requiredOption("--from <name=image>", "what runs now, by the name of an image: loki=3.6.4", parseOne)
    .requiredOption("--to <name=image>", "what is to run: loki=3.7.6, or loki=registry/image:tag", parseOne)
    .option(
      "--pipeline <name>",
      "on this one; may be repeated (default: those of direct, direct-hardened, kafka and kafka-hardened that run the image)",
      repeated,
    )
    .option(
      "--scenario <name>",
      "only these rows of the guarantees table; may be repeated (default: all)",
      repeated,
    )
    .option(
      "--layout <name>",
      "the layout of pipelines that have several, unless a scenario needs a certain one",
    )
    .option("--swap-only", "only the upgrade itself, not the guarantees table on both versions")
    .option("--repeat <n>", "run each N times", integerOption("--repeat", 1, maxRepeats), 1)
    .option("--dry-run", "print what would be run")
    .option("--json", "print one JSON document")
    .option("--out <dir>", "where the reports go", "reports")
    .addHelpText(
      "after",
      `
Examples:
  everyline upgrade --from loki=3.6.4 --to loki=3.7.6                            every row of four pipelines, hours
  everyline upgrade --from loki=3.6.4 --to loki=3.7.6 --pipeline direct          half an hour
  everyline upgrade --from loki=3.6.4 --to loki=3.7.6 --swap-only --pipeline kafka   only the upgrade itself, rolling
  everyline upgrade --from loki=3.6.4 --to loki=3.7.6 --dry-run                  what would be run

Exit codes: 0 go, 1 no-go, 2 undecided; and 64, 69, 70, 130 as for \`everyline run\`.`,
    )
    .action(upgrade);
}

async function upgrade(options: UpgradeOptions): Promise<void> {
  const plan = await planUpgrade(await loadScenarios(), wantedOf(options));
  for (const row of plan.notPossible) process.stderr.write(`left out: ${describeNotPossible(row)}\n`);
  if (options.dryRun) return printPlan(plan);
  const document = newDocument(plan);
  const reportsFolder = resolve(options.out);
  const folder = join(reportsFolder, document.upgradeId);
  const signal = interruptSignal();
  const place = await openPlace();
  await mkdir(folder, { recursive: true });
  try {
    await carryOutUpgrade(document, plan, { place, signal, reportsFolder });
    document.finishedAt = new Date().toISOString();
  } finally {
    await writeUpgradeReports(reportUpgrade(document), folder);
    process.stderr.write(`report: ${folder}\n`);
  }
  const report = reportUpgrade(document);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderUpgrade(report));
  process.exitCode = exitCodeOf[report.decision];
}

function parseOne(text: string): ReadonlyMap<string, string> {
  return parseImageOverride(text);
}

function wantedOf({ from, to, ...options }: UpgradeOptions): UpgradePlan["wanted"] {
  const [name, old] = [...from][0]!;
  const [other, wanted] = [...to][0]!;
  if (name !== other)
    throw new UsageError(`--from and --to must name the same image, got ${name} and ${other}.`);
  if (old === wanted)
    throw new UsageError(`--from and --to are both ${name}=${old}; there is nothing to upgrade.`);
  const { pipeline = [], scenario = [], layout = null, swapOnly = false, repeat } = options;
  if (swapOnly && scenario.length > 0)
    throw new UsageError(
      "--scenario names rows of the guarantees table, which --swap-only leaves out; pass one of the two.",
    );
  return { name, from: old, to: wanted, pipelines: pipeline, scenarios: scenario, layout, swapOnly, repeat };
}

function newDocument({ wanted }: UpgradePlan): UpgradeDocument {
  const { name, from, to, ...options } = wanted;
  return {
    schema: "everyline/upgrade@1",
    upgradeId: newRunId(`upgrade-${name}`),
    startedAt: new Date().toISOString(),
    finishedAt: null,
    name,
    from,
    to,
    options,
    configChecks: [],
    deprecations: [],
    rows: [],
    swaps: [],
  };
}

function printPlan({ wanted, pipelines, rows, swaps }: UpgradePlan): void {
  const { name, from, to, repeat } = wanted;
  const lines = [
    ...pipelines.map((pipeline) => `configuration of ${pipeline.name} checked by ${name} ${from} and ${to}`),
    ...swaps.map(({ claim }) => `${claim.id}: ${claim.text}`),
    ...rows.map(({ claim }) => `${claim.id} on ${from} and on ${to}`),
  ];
  const runs = (swaps.length + 2 * rows.length) * repeat;
  process.stdout.write(`${lines.join("\n")}\n${runs} runs\n`);
}
