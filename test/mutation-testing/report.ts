import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { type Equivalent, equivalents } from "./equivalents.ts";

/*
 * Makes docs/mutation-testing.md from Stryker's report. Exits with 1 if a change of the source went unnoticed for which there is no argument
 * that it is equivalent, or if an argument no longer belongs to any unnoticed change.
 */

const resultPath = "reports/mutation-testing.json";
const documentPath = "docs/mutation-testing.md";

const position = z.object({ line: z.int(), column: z.int() });
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          mutatorName: z.string(),
          replacement: z.string().optional(),
          status: z.string(),
          location: z.object({ start: position, end: position }),
        }),
      ),
    }),
  ),
});

type SourceFile = z.infer<typeof reportSchema>["files"][string];
type Change = SourceFile["mutants"][number];

interface Survivor {
  file: string;
  line: number;
  code: string;
  becomes: string;
}

const killed = new Set(["Killed", "Timeout"]);
const survived = new Set(["Survived", "NoCoverage"]);

/** What a change replaces; lines and columns of Stryker's report count from 1. */
function codeAt({ source }: SourceFile, { location: { start, end } }: Change): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join("\n");
}

const compact = (text: string) => text.replaceAll(/\s+/g, " ").trim();

function survivorsIn(file: string, found: SourceFile): Survivor[] {
  return found.mutants
    .filter(({ status }) => survived.has(status))
    .map((change) => ({
      file,
      line: change.location.start.line,
      code: compact(codeAt(found, change)),
      becomes: compact(change.replacement ?? ""),
    }));
}

const isArgued = (survivor: Survivor, { file, code, becomes }: Equivalent) =>
  survivor.file === file && survivor.code === compact(code) && survivor.becomes === compact(becomes);

function rowOf(name: string, changes: Change[], argued: number): string {
  const count = (statuses: Set<string>) => changes.filter(({ status }) => statuses.has(status)).length;
  const [caught, missed] = [count(killed), count(survived)];
  const score = ((100 * caught) / (caught + missed)).toFixed(2);
  return `| ${[name, caught + missed, caught, missed, argued, `${score} %`].join(" | ")} |`;
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]) => (one < other ? -1 : 1);

const code = (text: string) => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text === "" ? " " : text}\``);

const { files } = reportSchema.parse(JSON.parse(await readFile(resultPath, "utf8")));
const survivors = Object.entries(files)
  .toSorted(byName)
  .flatMap(([file, found]) => survivorsIn(file, found).toSorted((one, other) => one.line - other.line));
const argued = (survivor: Survivor) => equivalents.find((equivalent) => isArgued(survivor, equivalent));
const unargued = survivors.filter((survivor) => argued(survivor) === undefined);
const idle = equivalents.filter(
  (equivalent) => !survivors.some((survivor) => isArgued(survivor, equivalent)),
);

const rows = Object.entries(files)
  .toSorted(byName)
  .map(([file, { mutants }]) =>
    rowOf(file, mutants, survivors.filter((one) => one.file === file && argued(one) !== undefined).length),
  );
const total = rowOf(
  "**all**",
  Object.values(files).flatMap(({ mutants }) => mutants),
  survivors.length - unargued.length,
);
const document = `# Mutation testing of the checker's code

${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}. Written by \`npm run mutation-testing\`: Stryker changes the source in every way it
knows, one change at a time, and runs the example tests against each change. The property tests are left out, because they would notice
most changes by chance. A change that no test notices shows a missing test, or it is equivalent to the original code. For each equivalent
change there is an argument in \`test/mutation-testing/equivalents.ts\`; the command fails if one has none.

| file | changes | noticed | not noticed | of these equivalent | score |
| ---- | ------: | ------: | ----------: | ------------------: | ----: |
${[...rows, total].join("\n")}

## Changes that change nothing

${survivors
  .map((survivor) => {
    const { file, line, code: before, becomes } = survivor;
    return `- \`${file}:${line}\` ${code(before)} → ${code(becomes)}: ${argued(survivor)?.why ?? "**not argued**"}`;
  })
  .join("\n")}
`;
await writeFile(documentPath, document);

for (const { file, line, code, becomes } of unargued) {
  process.stderr.write(`not noticed: ${file}:${line}: ${code} -> ${becomes}\n`);
}
for (const { file, code } of idle) process.stderr.write(`argued, but noticed: ${file}: ${code}\n`);
process.exitCode = unargued.length + idle.length > 0 ? 1 : 0;
