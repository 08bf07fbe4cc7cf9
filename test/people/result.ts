import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const runSchema = z.object({
  verdict: z.string(),
  written: z.int(),
  delivered: z.int(),
  lost: z.int(),
  /** From the command to the verdict. */
  seconds: z.number(),
});

const resultSchema = z.object({
  name: z.string(),
  measuredAtMs: z.number(),
  /** Absent where it was refused. */
  asItIs: runSchema.optional(),
  damaged: runSchema.optional(),
  refusal: z.string().optional(),
});

/** What a run came to. */
export type RunResult = z.infer<typeof runSchema>;

/** What came of a stack. */
export type StackResult = z.infer<typeof resultSchema>;

/** Keeps a result in a folder, in place of an earlier one of the same stack. */
export async function keepResult(folder: string, result: StackResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.name}.json`), JSON.stringify(result, undefined, 2));
}

/** The results of a folder, by stack. */
export async function keptResults(folder: string): Promise<Map<string, StackResult>> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const results = await Promise.all(
    files.map(async (name) => resultSchema.parse(JSON.parse(await readFile(join(folder, name), "utf8")))),
  );
  return new Map(results.map((result) => [result.name, result]));
}
