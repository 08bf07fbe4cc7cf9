import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { describePipeline } from "../pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../plan/scenario.ts";
import { programWith } from "./everyline.ts";
import { completionOf } from "./kit/candidates.ts";
import { valuesAt } from "./kit/value-sources.ts";

const execute = promisify(execFile);
const bin = join(import.meta.dirname, "../../bin");
const script = join(import.meta.dirname, "shells/everyline.bash");
const runId = "20260102t030405-sink-restart-1a2b";

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir("everyline-test-");
  await mkdir(join(dir.path, "reports", runId), { recursive: true });
  await writeFile(join(dir.path, "reports", runId, "run.json"), "{}");
});
afterEach(() => dir[Symbol.asyncDispose]());

describe("what Everyline completes", () => {
  async function complete(...words: string[]): Promise<string[]> {
    const { candidates } = await completionOf(await programWith(), words, valuesAt);
    return candidates.map(({ value }) => value);
  }

  it("offers every scenario and every case", async () => {
    const names = (await loadScenarios()).flatMap(casesOf).map(({ name }) => name);
    const offered = await Promise.all(
      ["", "known-bugs", "alert-drills", "damaged-push"].map((word) => complete("run", word)),
    );
    expect(names.filter((name) => !offered.flat().includes(name))).toEqual([]);
  });

  it("offers no name twice, nothing that is hidden, and a description for each command", async () => {
    const program = await programWith();
    const { candidates } = await completionOf(program, [""], valuesAt);
    const names = candidates.map(({ value }) => value);
    expect(names.filter((name) => name.startsWith("_"))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(candidates.filter(({ description }) => !description)).toEqual([]);
  });

  it("knows pipelines, layouts of the pipeline that is named, and images", async () => {
    expect(await complete("run", "x", "--pipeline", "direct-h")).toEqual(["direct-hardened"]);
    const { layouts } = await describePipeline("known-bad");
    expect(layouts.length).toBeGreaterThan(1);
    expect(await complete("run", "--pipeline", "known-bad", "--layout", "")).toEqual(
      layouts.map(({ name }) => name),
    );
    expect(await complete("images", "build", "prom")).toContain("promtail");
    expect(await complete("run", "--image", "prom")).toEqual(["promtail=", "prometheus="]);
    expect(await complete("run", "--image", "promtail=3")).toContain("promtail=3.6.4");
  });

  it("knows the stored runs of the folder that --out names", async () => {
    const reports = join(dir.path, "reports");
    for (const command of ["check", "open"])
      expect(await complete(command, "--out", reports, "2026")).toEqual([runId]);
  });
});

describe("the script for bash", () => {
  /** What bash would put in place of its last word, and how it was told to go about paths. */
  async function completeInBash(line: string): Promise<string[]> {
    // bash itself cuts a line into COMP_WORDS at = and : when readline asks; here that is done by hand.
    const words = line
      .split(/([=:])|\s/)
      .filter((word) => word !== undefined && (word !== "" || line.endsWith(" ")));
    const { stdout } = await execute(
      "bash",
      [
        "--norc",
        "-c",
        `source "$1"; shift; COMP_WORDBREAKS=$' \\t\\n=:'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
         compopt() { :; }; _everyline; printf '%s\\n' "\${COMPREPLY[@]}"`,
        "bash",
        script,
        ...words,
      ],
      { cwd: dir.path, env: { ...process.env, PATH: `${bin}:${process.env.PATH}` } },
    );
    return stdout.split("\n").filter((reply) => reply !== "");
  }

  it.each([
    { line: "everyline ver", replies: ["verify"] },
    { line: "everyline run sink-resta", replies: ["sink-restart"] },
    { line: "everyline run sink-restart --pipeline direct-h", replies: ["direct-hardened"] },
    { line: "everyline run sink-restart --pipeline=direct-h", replies: ["direct-hardened"] },
    { line: "everyline run --image promtail=3.6.4 --load n", replies: ["nestjs"] },
    { line: "everyline images build promtail:3.6", replies: ["3.6.4"] },
    { line: "everyline check 2026", replies: [runId] },
    { line: "everyline run $(>evil) --ke", replies: ["--keep"] },
    { line: "everyline nonsense ", replies: [] },
  ])("completes $line", async ({ line, replies }) => {
    expect(await completeInBash(line)).toEqual(replies);
    await expect(execute("ls", [join(dir.path, "evil")])).rejects.toThrow();
  });

  it("can be read twice, under the strictest settings", async () => {
    // Bash takes a stdin that is a socket, as a child of Node has, for a remote login's, and would read the machine's own file first.
    const { stderr } = await execute("bash", [
      "--norc",
      "-euc",
      'source "$1"; source "$1"; complete -p everyline',
      "bash",
      script,
    ]);
    expect(stderr).toBe("");
  });
});
