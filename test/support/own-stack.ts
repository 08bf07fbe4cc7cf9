import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunDocument, runDocumentSchema } from "../../src/judge/run-document.ts";
import { root, run } from "./command.ts";

/** By file, a function that changes its text. */
type Changes = Record<string, (text: string) => string>;

/** Copies of `fixtures/stacks` that are removed after the tests of a file. */
export function useOwnStacks(
  afterAll: (clean: () => Promise<unknown>) => void,
): (name: string, changes?: Changes) => Promise<OwnStack> {
  const stacks: OwnStack[] = [];
  afterAll(() => Promise.all(stacks.map((stack) => stack.remove())));
  return async (name, changes) => {
    const stack = await OwnStack.copyOf(name, changes);
    stacks.push(stack);
    return stack;
  };
}

/** A copy of one of `fixtures/stacks` in a separate folder, like a user's own files. */
export class OwnStack {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param from the folder of this repository that has the stack */
  static async copyOf(name: string, changes: Changes = {}, from = "fixtures/stacks"): Promise<OwnStack> {
    const folder = join(await mkdtemp(join(tmpdir(), "everyline-test-")), name);
    await cp(join(root, from, name), folder, { recursive: true });
    await mkdir(join(folder, "app-logs"), { recursive: true });
    const stack = new OwnStack(folder);
    for (const [file, change] of Object.entries(changes)) await stack.change(file, change);
    return stack;
  }

  async change(file: string, change: (text: string) => string): Promise<void> {
    const path = this.path(file);
    const before = await readFile(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the change of ${path} changes nothing`);
    await writeFile(path, after);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  /** Runs `everyline run` there, and returns its result and what its run left. */
  async run(...args: string[]) {
    return this.runWith({}, ...args);
  }

  /** The same with additional variables in its environment. */
  async runWith(variables: Record<string, string>, ...args: string[]) {
    const options = { cwd: this.folder, env: { ...process.env, ...variables } };
    const outcome = await run(join(root, "bin/everyline"), ["run", ...args], options);
    return { ...outcome, ...(await this.lastRun()) };
  }

  async lastRun() {
    return lastRunIn(join(this.folder, "reports"));
  }

  /** The ids of its runs, the oldest first. */
  async runs(): Promise<string[]> {
    return runsIn(join(this.folder, "reports"));
  }

  /** What each of its runs left, the oldest first. */
  async outcomes() {
    const reports = join(this.folder, "reports");
    return Promise.all((await runsIn(reports)).map((run) => outcomeOf(join(reports, run))));
  }

  async remove(): Promise<void> {
    await rm(join(this.folder, ".."), { recursive: true, force: true });
  }
}

/** The ids of the runs that left a folder in one of reports, the oldest first; none if there is no such folder. */
export async function runsIn(reports: string): Promise<string[]> {
  return (await readdir(reports).catch(() => [])).sort();
}

interface Outcome {
  /** The folder of the run; empty if there was none. */
  report: string;
  /** Undefined if it left none. */
  document: RunDocument | undefined;
}

/** What the last run in a folder of reports left. */
export async function lastRunIn(reports: string): Promise<Outcome> {
  const last = (await runsIn(reports)).at(-1);
  return last === undefined ? { report: "", document: undefined } : outcomeOf(join(reports, last));
}

async function outcomeOf(report: string): Promise<Outcome> {
  const text = await readFile(join(report, "run.json"), "utf8").catch(() => undefined);
  return { report, document: text === undefined ? undefined : runDocumentSchema.parse(JSON.parse(text)) };
}
