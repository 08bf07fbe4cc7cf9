import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunDocument, runDocumentSchema } from "../../src/report/run-document.ts";
import { root, run } from "./command.ts";

const everyline = join(root, "bin/everyline");

/** A copy of one of `fixtures/stacks`, as somebody has it beside their own files, in a folder of its own. */
export class OwnStack {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param changes by file, what is made of its text */
  static async copyOf(
    name: string,
    changes: Record<string, (text: string) => string> = {},
  ): Promise<OwnStack> {
    const folder = join(await mkdtemp(join(tmpdir(), "everyline-test-")), name);
    await cp(join(root, "fixtures/stacks", name), folder, { recursive: true });
    await mkdir(join(folder, "app-logs"), { recursive: true });
    const stack = new OwnStack(folder);
    for (const [file, change] of Object.entries(changes)) await stack.change(file, change);
    return stack;
  }

  async change(file: string, change: (text: string) => string): Promise<void> {
    const path = join(this.folder, file);
    const before = await readFile(path, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`the change of ${path} changes nothing`);
    await writeFile(path, after);
  }

  /** What `everyline run` comes to there, with the document of its run, if it left one. */
  async run(...args: string[]) {
    const outcome = await run(everyline, ["run", ...args], { cwd: this.folder });
    return { ...outcome, document: await this.#lastDocument() };
  }

  async remove(): Promise<void> {
    await rm(join(this.folder, ".."), { recursive: true, force: true });
  }

  async #lastDocument(): Promise<RunDocument | undefined> {
    const reports = join(this.folder, "reports");
    const last = (await readdir(reports).catch(() => [])).sort().at(-1);
    if (last === undefined) return undefined;
    const text = await readFile(join(reports, last, "run.json"), "utf8").catch(() => undefined);
    return text === undefined ? undefined : runDocumentSchema.parse(JSON.parse(text));
  }
}
