import { writeFile } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { EverylineError, UsageError } from "../src/base/errors.ts";
import { formatBytes } from "../src/base/format-bytes.ts";
import { tempDir } from "../src/base/temp-dir.ts";
import { integerOption } from "../src/cli/kit/integer-option.ts";
import type { Benchmark } from "./benchmark.ts";
import { benchmarks } from "./benchmarks.ts";
import { pageOf } from "./page.ts";
import { storedResults, storeResult } from "./results.ts";

interface BenchOptions {
  repeats: number;
  scale: number;
}

const pagePath = join(import.meta.dirname, "../docs/benchmarks.md");

/** `npm run bench`: measures Everyline beside other programs, and writes docs/benchmarks.md. */
const program = new Command("bench")
  .description("measure Everyline beside other programs, and write docs/benchmarks.md")
  .argument(
    "[names...]",
    `which benchmarks (default: all of ${benchmarks.map(({ name }) => name).join(", ")})`,
  )
  .option("--repeats <number>", "how often each command is run", integerOption("--repeats", 1, 100), 3)
  .option(
    "--scale <share>",
    "the size of the inputs as a share of their full size; nothing is written below 1",
    parseScale,
    1,
  )
  .action(bench);

function parseScale(text: string): number {
  const scale = Number(text);
  if (scale > 0 && scale <= 1) return scale;
  throw new InvalidArgumentError("expected a number above 0 and at most 1.");
}

async function bench(names: string[], options: BenchOptions): Promise<void> {
  const chosen = names.length === 0 ? benchmarks : names.map(benchmarkNamed);
  for (const benchmark of chosen) await runOne(benchmark, options);
  if (options.scale === 1) await writeFile(pagePath, pageOf(await storedResults()));
}

function benchmarkNamed(name: string): Benchmark {
  const found = benchmarks.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no benchmark ${JSON.stringify(name)}; choose from ${benchmarks.map((one) => one.name).join(", ")}.`,
  );
}

async function runOne({ name, question, run }: Benchmark, { repeats, scale }: BenchOptions): Promise<void> {
  const tell = (text: string) => void process.stderr.write(`${name}: ${text}\n`);
  await using folder = await tempDir("everyline-bench-");
  const rows = await run({ folder: folder.path, repeats, scale, tell });
  const result = { benchmark: name, question, date: new Date().toISOString().slice(0, 10), machine, rows };
  if (scale === 1) await storeResult(result);
  process.stdout.write(`${pageOf([result])}\n`);
}

const machine = `${availableParallelism()} processors, ${formatBytes(totalmem())} of memory, Node ${process.versions.node}`;

try {
  await program.parseAsync();
} catch (thrown) {
  if (!(thrown instanceof EverylineError)) throw thrown;
  process.stderr.write(`bench: ${thrown.message}\n`);
  process.exitCode = thrown.exitCode;
}
