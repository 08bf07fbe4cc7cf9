import { join } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../base/errors.ts";
import { type LineClock, type LineShape, maxSequence, parseSeed } from "../load/line.ts";
import { writeLineFolder } from "../load/line-folder.ts";
import { randomSeed } from "../load/seed.ts";
import { flawInTemplate, templateExample } from "../pipeline/line-template.ts";
import { referenceSinkKind, sinkName } from "../pipeline/sink-kind.ts";
import { integerOption } from "./kit/integer-option.ts";
import { interruptSignal } from "./kit/interrupt.ts";

/** Fixed, so that the same options give the same bytes on any day. */
const fixedClock: LineClock = { epochMs: Date.UTC(2026, 0, 1), linesPerSecond: 1_000 };
const maxSources = 1_000;
const msPerSecond = 1_000;
/** Leaves room for more than a million seconds of lines before the earliest time whose date can be written. */
const earliestMs = Date.UTC(1970, 1, 1);
const latestMs = Date.UTC(2200, 0, 1);

/** Whose limits the help tells: the sink of the reference architecture. */
const sink = sinkName(referenceSinkKind);

interface GenerateOptions {
  lines: number;
  sources: number;
  seed?: string;
  until?: number;
  line?: LineShape;
  out: string;
  json?: boolean;
}

/** `everyline generate`: numbered lines and their ledger in a folder; no containers. */
export function addGenerateCommand(program: Command): void {
  program
    .command("generate")
    .description("write numbered lines and their ledger.json into a folder; needs no containers")
    .requiredOption("--lines <n>", "lines in all", integerOption("--lines", 1, maxSequence))
    .option("--sources <k>", "sources to distribute them over", integerOption("--sources", 1, maxSources), 1)
    .option(
      "--seed <seed>",
      "what the lines are generated from; the same seed gives the same bytes (default: random)",
      parseSeed,
    )
    .option(
      "--until <time>",
      "the time in the last line: now, or one like 2026-11-27T12:00:00Z (default: the first line has 2026-01-01T00:00:00Z)",
      parseTime,
    )
    .option(
      "--line <template>",
      `what is written for each line, such as 'level={level} msg="{line}"', instead of Everyline's own JSON`,
      parseLine,
    )
    .requiredOption("--out <dir>", "a folder that is empty or does not exist")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  everyline generate --lines 1000000 --out demo                         a million lines in one file, and their ledger
  everyline generate --lines 1000 --sources 4 --seed demo --out demo    the same bytes each time, in four files
  everyline generate --lines 1000 --until now --out demo                lines of the last second, which ${sink} does not refuse as too old

${sink} refuses lines that are older than a week, where a shipper takes their times from the lines: --until now for those. The same bytes again
need the same time.`,
    )
    .action(generate);
}

async function generate(options: GenerateOptions): Promise<void> {
  const { lines, sources, line, out: dir, seed = randomSeed() } = options;
  const clock = clockFor(options);
  const ledger = await writeLineFolder({ dir, seed, clock, line, lines, sources }, interruptSignal());
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
      timesText(clock, options.until) +
      `Their ledger is ${ledgerPath}. After they went through a pipeline:\n` +
      `  everyline verify --ledger ${ledgerPath} EXPORTED…\n`,
  );
}

function parseLine(template: string): LineShape {
  const flaw = flawInTemplate(template);
  if (flaw === undefined) return { template };
  throw new UsageError(
    `--line expected a template, got ${JSON.stringify(template)}; use one like ${templateExample} (${flaw}).`,
  );
}

/** Takes a time, in Unix milliseconds. */
function parseTime(text: string): number {
  const timeMs = text === "now" ? Date.now() : Date.parse(text);
  if (timeMs >= earliestMs && timeMs <= latestMs) return timeMs;
  throw new UsageError(
    `--until expected a time from 1970 to 2200, got ${JSON.stringify(text)}; use now, or one like 2026-11-27T12:00:00Z.`,
  );
}

/** A source's lines are a millisecond apart and end at the requested time. */
function clockFor({ lines, sources, until }: GenerateOptions): LineClock {
  if (until === undefined) return fixedClock;
  const longest = Math.ceil(lines / sources);
  const spanMs = Math.ceil(((longest - 1) * msPerSecond) / fixedClock.linesPerSecond);
  return { ...fixedClock, epochMs: until - spanMs };
}

function timesText({ epochMs }: LineClock, until: number | undefined): string {
  if (until !== undefined)
    return `Their times run from ${new Date(epochMs).toISOString()} to ${new Date(until).toISOString()}.\n`;
  return (
    `Their times begin at ${new Date(epochMs).toISOString().slice(0, 10)}. If the shipper uses these times as timestamps, ${sink} refuses the lines as too old;\n` +
    "use --until now for lines with current times.\n"
  );
}
