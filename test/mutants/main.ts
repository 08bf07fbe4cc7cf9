import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { EverylineError } from "../../src/base/errors.ts";
import { integerOption } from "../../src/cli/kit/integer-option.ts";
import { runCampaign } from "./campaign.ts";
import { documentOf, summaryOf, survivorsOf } from "./report.ts";

const maxSeed = 2 ** 32 - 1;

/** `npm run mutants`: damages true histories in every way, and exits 1 if the checker does not tell the truth about one of them. */
const program = new Command("mutants")
  .description("damage true histories in every way and see whether the checker tells the truth about each")
  .option("--seed <number>", "which random places", integerOption("--seed", 0, maxSeed), 1)
  .option("--report <file>", "also write a Markdown report")
  .action(async ({ seed, report }: { seed: number; report?: string }) => {
    const campaign = await runCampaign(seed);
    process.stdout.write(`${summaryOf(campaign)}\n`);
    if (report !== undefined) await writeFile(report, documentOf(campaign, Date.now()));
    process.exitCode = survivorsOf(campaign).length > 0 ? 1 : 0;
  });

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof EverylineError)) throw thrown;
  process.stderr.write(`mutants: ${thrown.message}\n`);
  process.exitCode = thrown.exitCode;
}
