import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const kinds = ["lost", "duplicated", "reordered", "corrupted", "truncated", "merged", "unexpected"] as const;

type Kind = (typeof kinds)[number];

const entrySchema = z.object({
  account: z.record(z.enum(kinds), z.int()),
  pushes: z.record(z.string(), z.int()),
  kind: z.string(),
  lines: z.partialRecord(z.enum(kinds), z.array(z.string())),
});

/** What the damaging proxy of a run reports that it did. */
export interface DamageAccount {
  /** How many lines, by anomaly. */
  counts: Record<Kind, number>;
  /** How many pushes, by kind of damage. */
  pushes: Record<string, number>;
  /** Which lines, by anomaly: `SOURCE/SEQUENCE`, in the order of their damage. */
  lines: Record<Kind, string[]>;
}

/**
 * Reads the account that the proxy printed, from a run's folder.
 *
 * @throws Error if the number of lines that it names differs from its count
 */
export async function readDamageAccount(runFolder: string): Promise<DamageAccount> {
  const log = await readFile(join(runFolder, "containers/damaging-proxy.log"), "utf8");
  const texts = log.split("\n").filter((text) => text !== "");
  const entries = texts.map((text) => entrySchema.parse(JSON.parse(text)));
  const { account: counts, pushes } = entries.at(-1)!;
  const lines = Object.fromEntries(
    kinds.map((kind) => [kind, entries.flatMap((entry) => linesIn(entry.lines[kind] ?? []))]),
  ) as DamageAccount["lines"];
  for (const kind of kinds)
    if (lines[kind].length !== counts[kind])
      throw new Error(`the proxy counts ${counts[kind]} lines as ${kind}, and names ${lines[kind].length}`);
  return { counts, pushes, lines };
}

/** Every line of some ranges `SOURCE/FROM-TO`. */
function linesIn(ranges: string[]): string[] {
  return ranges.flatMap((range) => {
    const [, source, from, to = from] = /^(.+)\/(\d+)(?:-(\d+))?$/.exec(range)!;
    return namesOf({ source: source!, from: Number(from), to: Number(to) });
  });
}

/** Every line of a range, as an account names it. */
export function namesOf({ source, from, to }: { source: string; from: number; to: number }): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${source}/${from + index}`);
}
