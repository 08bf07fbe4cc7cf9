import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodes } from "../src/base/errors.ts";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { nightDocumentSchema } from "../src/nights/night-document.ts";
import { projectLabel, projectName } from "../src/places/compose/project.ts";
import { readHistory } from "../src/store/history.ts";
import { run } from "./support/command.ts";

let dir: TempDir;
beforeAll(async () => {
  dir = await tempDir("everyline-nightly-");
});
afterAll(() => dir[Symbol.asyncDispose]());

const nightly = (args: string[], options: Parameters<typeof run>[2] = {}, out = dir.path) =>
  run("bin/everyline", ["nightly", "--out", out, ...args], options);

const rows = ["sink-restart", "network-partition", "--pipeline", "direct"];

async function lastNight(out = dir.path) {
  const names = (await readdir(out)).filter((name) => name.includes("-nightly-"));
  const folder = join(out, names.sort().at(-1)!);
  return {
    folder,
    night: nightDocumentSchema.parse(JSON.parse(await readFile(join(folder, "night.json"), "utf8"))),
  };
}

describe("a night", () => {
  it("starts no run that does not fit into its budget, says so, and is not green", async () => {
    const { exitCode, stdout } = await nightly([...rows, "--budget", "10s"]);
    expect(stdout).toMatch(
      /0 of 2 rows of the guarantees table, 0 runs in 0 s of 10 s allowed\. 2 runs did not fit/,
    );
    expect(exitCode).toBe(exitCodes.unknown);
    expect((await readHistory(join(dir.path, "history.ndjson"))).nights).toMatchObject([{ isGreen: false }]);
  });

  it("that is interrupted keeps what it has, and goes on there with --resume", async () => {
    const interrupted = await nightly(rows, { interruptAt: "(2/2)  load" });
    expect(interrupted.exitCode).toBe(exitCodes.interrupted);
    expect(interrupted.stderr).toContain(`Continue it with: everyline nightly --resume --out ${dir.path}`);
    const { night: before, folder } = await lastNight();
    expect(before).toMatchObject({ finishedAt: null, done: [{ claim: "direct/sink-restart" }] });

    const stepSummary = join(dir.path, "step-summary.md");
    const env = { ...process.env, GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: stepSummary };
    const resumed = await nightly(["--resume"], { env });
    expect(resumed.exitCode, resumed.stderr).toBe(exitCodes.holds);
    expect(resumed.stdout).toMatch(/network-partition │ holds/);
    expect(resumed.stdout).toMatch(/Night of \d{4}-\d\d-\d\d: green\n$/);
    expect(resumed.stderr).not.toContain("::error");

    const { night } = await lastNight();
    expect(night.nightId).toBe(before.nightId);
    expect(night.done[0]).toEqual(before.done[0]);
    expect(night.done.map(({ claim }) => claim)).toEqual(["direct/sink-restart", "direct/network-partition"]);
    const summary = await readFile(join(folder, "summary.md"), "utf8");
    expect(summary).toContain("2 of 2 rows of the guarantees table, 2 runs in");
    expect(await readFile(stepSummary, "utf8")).toBe(summary);
    expect(await readFile(join(folder, "junit.xml"), "utf8")).toContain('tests="2" failures="0" errors="0"');
    const history = await readHistory(join(dir.path, "history.ndjson"));
    expect(history.runs.map(({ claim, verdict }) => `${claim} ${verdict}`)).toEqual([
      "direct/sink-restart holds",
      "direct/network-partition holds",
    ]);
    expect(history.nights.at(-1)).toMatchObject({ night: night.nightId, isGreen: true });
  });

  it("carries out two runs at the same time, and when it is interrupted, neither leaves anything behind", async () => {
    const out = join(dir.path, "two-at-once");
    const interrupted = await nightly([...rows, "--at-once", "2"], { interruptAt: "(2/2)  load" }, out);
    expect(interrupted.exitCode).toBe(exitCodes.interrupted);
    const { night: before } = await lastNight(out);
    expect(before).toMatchObject({ finishedAt: null, done: [] });
    const runIds = (await readdir(out)).filter((name) => name > before.nightId);
    for (const runId of runIds)
      expect(
        await run("docker", [
          "ps",
          "--all",
          "--quiet",
          "--filter",
          `label=${projectLabel}=${projectName(runId)}`,
        ]),
      ).toMatchObject({ stdout: "" });

    const refused = await nightly(["--resume", "--at-once", "3"], {}, out);
    expect(refused.exitCode).toBe(exitCodes.usage);
    expect(refused.stderr).toContain("--resume continues a night as it was planned; omit 3.");

    const resumed = await nightly(["--resume"], {}, out);
    expect(resumed.exitCode, resumed.stderr).toBe(exitCodes.holds);
    expect(resumed.stdout).toContain("2 runs, 2 at a time in ");
    const { night } = await lastNight(out);
    const [one, other] = night.done.map(({ entry }) => {
      const endMs = Date.parse(entry.at);
      return { startMs: endMs - entry.totalSeconds * 1_000, endMs };
    });
    expect(one!.startMs).toBeLessThan(other!.endMs);
    expect(other!.startMs).toBeLessThan(one!.endMs);
  });

  it("begins with what was not run for the longest, and knows how long that takes", async () => {
    const { stdout, exitCode } = await nightly(["sink-crash", ...rows, "--dry-run"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^ +1 min 30 s {2}direct\/sink-crash\n +\d+ s {2}direct\/sink-restart\n +\d+ s {2}direct\/network-partition\n3 runs, expected to take/,
    );
  });

  it("that was finished cannot be resumed", async () => {
    const { exitCode, stderr } = await nightly(["--resume"]);
    expect(exitCode).toBe(exitCodes.usage);
    expect(stderr).toMatch(/there is no night to resume in .*-nightly-.*, was finished\. Omit --resume/);
  });
});

it("makes one table of the runs of several nights", async () => {
  const { stdout, exitCode } = await run("bin/everyline", ["matrix", join(dir.path, "history.ndjson")]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("| network-partition | no loss, no duplicate | **holds** |");
  const ofFolder = await run("bin/everyline", ["matrix", dir.path, "--json"]);
  expect(JSON.parse(ofFolder.stdout)).toMatchObject({ columns: ["direct"] });
});
