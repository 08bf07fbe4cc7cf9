import { join } from "node:path";
import type { Command } from "commander";
import { type LineClock, maxSequence, parseSeed } from "../load/line.ts";
import { writeLineFolder } from "../load/line-folder.ts";
import { randomSeed } from "../load/seed.ts";
import { integerOption } from "./integer-option.ts";
import { interruptSignal } from "./interrupt.ts";

/** Fixed, so that the same options give the same bytes on every day. */
const clock: LineClock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 1_000 };
const maxSources = 1_000;

interface GenerateOptions {
  lines: number;
  sources: number;
  seed?: string;
  out: string;
  json?: boolean;
}

/** `everyline generate`: numbered lines and their ledger in a folder; no containers. */
export function addGenerateCommand(program: Command): void {
  program
    .command("generate")
    .description("write numbered lines and their ledger.json into a folder; needs no containers")
    .requiredOption("--lines <n>", "lines in all", integerOption("--lines", 1, maxSequence))
    .option("--sources <k>", "sources to deal them over", integerOption("--sources", 1, maxSources), 1)
    .option(
      "--seed <seed>",
      "what the lines are made from; the same seed gives the same bytes (default: random)",
      parseSeed,
    )
    .requiredOption("--out <dir>", "a folder that is empty or does not exist")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline generate --lines 1000000 --out demo                         a million lines in one file, and their ledger
  everyline generate --lines 1000 --sources 4 --seed demo --out demo    the same bytes each time, in four files`,
    )
    .action(generate);
}

async function generate(options: GenerateOptions): Promise<void> {
  const { lines, sources, out: dir, seed = randomSeed() } = options;
  const ledger = await writeLineFolder({ dir, seed, clock, lines, sources }, interruptSignal());
  const ledgerPath = join(dir, "ledger.json");
  if (options.json) {
    const files = ledger.sources.map(({ source, written }) => ({
      source,
      path: join(dir, `${source}.log`),
      lines: written,
    }));
    process.stdout.write(
      `${JSON.stringify({ schema: "everyline/generate@1", seed, lines, ledger: ledgerPath, files })}\n`,
    );
    return;
  }
  process.stdout.write(
    `Wrote ${lines} lines of seed ${seed} into ${dir}: ${ledger.sources.map(({ source }) => `${source}.log`).join(", ")}.\n` +
      `Their ledger is ${ledgerPath}. After they went through a pipeline:\n` +
      `  everyline verify --ledger ${ledgerPath} EXPORTED…\n`,
  );
}
