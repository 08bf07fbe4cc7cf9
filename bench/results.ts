import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../src/base/write-whole.ts";
import { rowSchema } from "./benchmark.ts";

/** What a benchmark has found when it was last run, on which machine. */
const resultSchema = z.object({
  benchmark: z.string(),
  question: z.string(),
  /** The day, as `2026-11-28`. */
  date: z.string(),
  machine: z.string(),
  rows: z.array(rowSchema),
});

export type Result = z.infer<typeof resultSchema>;

const folder = join(import.meta.dirname, "results");

/** Stores a result in place of the one of an earlier run: a file for each benchmark, so that those that are not run are kept. */
export async function storeResult(result: Result): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, `${result.benchmark}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Every stored result. */
export async function storedResults(): Promise<Result[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => resultSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")))),
  );
}
