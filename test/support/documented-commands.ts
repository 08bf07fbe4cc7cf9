import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./command.ts";

/** A command that a page tells its reader to run. */
export interface DocumentedCommand {
  /** The page, as a path from the root of the repository. */
  file: string;
  /** Its line there, counted from 1. */
  line: number;
  text: string;
  /** Whether it is the first of its block, where a reader is in the root of the repository. */
  isFirst: boolean;
  /** The lines that the page shows as its output; undefined where it shows none. */
  output: string[] | undefined;
}

/** What stands in fences of these languages are commands; an output without its command stands in one of `text`. */
const shells = new Set(["", "sh", "bash", "console", "shell"]);
const programs =
  /^(everyline|bin\/\w|\.\.\/\.\.\/bin\/|npm |npx |docker |cd |git |cp |mv |mkdir |sed |grep |diff |ls |tail |cat |source |export |curl |[A-Z_]+=\S* )/;

/** Every page of the repository that may tell of commands. */
export async function pages(root: string): Promise<string[]> {
  const { stdout } = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
    cwd: root,
  });
  return stdout
    .split("\n")
    .filter((file) => file !== "" && file !== "CHANGELOG.md" && !file.startsWith("reports/"));
}

/**
 * The pages whose commands are to be run: all of them where DOCUMENTED_PAGES is `all`, as at night, or where git does not know what was
 * changed; else those that differ from the main branch, or on the main branch itself from the commit before.
 */
export async function pagesToRun(root: string): Promise<string[]> {
  const all = await pages(root);
  const base = process.env.DOCUMENTED_PAGES === "all" ? undefined : await baseOf(root);
  if (base === undefined) return all;
  const diff = await run("git", ["diff", "--name-only", base, "--", "*.md"], { cwd: root });
  const others = await run("git", ["ls-files", "--others", "--exclude-standard", "*.md"], { cwd: root });
  const changed = new Set((diff.stdout + others.stdout).split("\n"));
  return all.filter((file) => changed.has(file));
}

/** The commit to compare with, undefined where there is none. */
async function baseOf(root: string): Promise<string | undefined> {
  const ask = async (...args: string[]) => (await run("git", args, { cwd: root })).stdout.trim() || undefined;
  const head = await ask("rev-parse", "--verify", "--quiet", "HEAD");
  for (const branch of ["origin/main", "main"]) {
    const base = await ask("merge-base", "HEAD", branch);
    if (base !== undefined && base !== head) return base;
  }
  return ask("rev-parse", "--verify", "--quiet", "HEAD~1");
}

/**
 * The commands in the fenced blocks of a page: after `$ `, with the output that follows; or whole blocks of commands, each line one.
 * A block with options in brackets is a synopsis, and none of its lines a command.
 */
export async function commandsIn(root: string, file: string): Promise<DocumentedCommand[]> {
  const lines = (await readFile(join(root, file), "utf8")).split("\n");
  const commands: DocumentedCommand[] = [];
  for (let index = 0; index < lines.length; index++) {
    const language = /^```(\w*)$/.exec(lines[index]!)?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf("```", index + 1);
    if (end < 0) throw new Error(`${file}:${index + 1}: the block has no end`);
    const block = lines.slice(index + 1, end);
    if (shells.has(language)) commands.push(...commandsOf(block, file, index + 2));
    index = end;
  }
  return commands;
}

/** The lines of the block that shows every command with its options, in README's section "Commands". */
export async function synopsis(root: string): Promise<string[]> {
  const text = await readFile(join(root, "README.md"), "utf8");
  const block = /^## Commands\n+```\n([\s\S]*?)^```$/m.exec(text)?.[1];
  if (block === undefined) throw new Error('README.md has no section "Commands" that begins with a block');
  // A line that is indented goes on with the one before.
  return block
    .trimEnd()
    .replace(/\n {4,}/g, " ")
    .split("\n");
}

function commandsOf(block: string[], file: string, firstLine: number): DocumentedCommand[] {
  if (block.some((line) => /\[--?\w/.test(line))) return [];
  const isSession = block.some((line) => line.startsWith("$ "));
  const commands: DocumentedCommand[] = [];
  for (const { index, text } of isSession ? numbered(block) : unbroken(block)) {
    if (isSession && !text.startsWith("$ ")) commands.at(-1)?.output?.push(text);
    else if (text !== "")
      commands.push({
        file,
        line: firstLine + index,
        isFirst: commands.length === 0,
        text: withoutComment(text.replace(/^\$ /, "")),
        output: isSession ? [] : undefined,
      });
  }
  const others = commands.filter(({ text }) => !isSession && !programs.test(text));
  if (others.length > 0)
    throw new Error(
      `${file}:${others[0]!.line}: this is no command that is known; put "$ " before those of its block, or mark it as text`,
    );
  return commands;
}

/** What stands behind two spaces and a hash explains the command. */
function withoutComment(text: string): string {
  return text
    .replace(/ +# .*$/, "")
    .replace(/ {2,}#.*$/, "")
    .trimEnd();
}

function numbered(block: string[]): { index: number; text: string }[] {
  return block.map((text, index) => ({ index, text }));
}

/** The lines of a block, those that end with a backslash together with what they go on with. */
function unbroken(block: string[]): { index: number; text: string }[] {
  const lines: { index: number; text: string }[] = [];
  for (const line of numbered(block)) {
    const before = lines.at(-1);
    if (before?.text.endsWith("\\")) before.text = before.text.slice(0, -1) + line.text.trim();
    else lines.push(line);
  }
  return lines;
}

/** The commands that a page names in its text, outside of blocks. */
export async function spansIn(root: string, file: string): Promise<{ line: number; text: string }[]> {
  const text = await readFile(join(root, file), "utf8");
  const outside = text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ""));
  const spans = outside.matchAll(/`((?:bin\/)?everyline\s+[a-z][^`]*|npm\s+run\s+[^`]+)`/g);
  return [...spans].map(({ index, 1: span }) => ({
    line: outside.slice(0, index).split("\n").length,
    text: span!.replace(/\s+/g, " "),
  }));
}
