import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDocumentSchema } from "../src/judge/run-document.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { root, run } from "./support/command.ts";
import { useReportsFolder } from "./support/run-claim.ts";

const everyline = join(root, "bin/everyline");
const docker = await connectEngine();
const children: ChildProcess[] = [];
const out = await useReportsFolder(afterAll);

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Starts a run as a child process; `stderr` grows while it goes on. */
function startRun(...args: string[]): { child: ChildProcess; stderr: () => string } {
  const child = spawn(everyline, ["run", "sink-restart", "--out", out, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, stderr: () => stderr };
}

/** The run whose folder is the newest of those that begin after `before` were listed. */
async function newRunId(before: Set<string>): Promise<string> {
  for (;;) {
    const [runId] = (await readdir(out)).filter((name) => !before.has(name));
    if (runId !== undefined) return runId;
    await setTimeout(20);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20);
}

/** What the engine still has of a run. */
async function leftOf(runId: string): Promise<number> {
  const filters = { label: [`com.docker.compose.project=${projectName(runId)}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return containers.length + networks.length + (volumes.Volumes?.length ?? 0);
}

describe("Ctrl-C", () => {
  it.each(["up", "prove", "load", "settle", "read"])(
    "during %s removes everything and ends with 130",
    async (phase) => {
      const before = new Set(await readdir(out));
      const { child, stderr } = startRun("--lines", "200");
      const runId = await newRunId(before);
      await until(() => stderr().includes(`  ${phase} `) || child.exitCode !== null);
      // In the midst of `docker compose up`, when some of it is there and some is not.
      while (phase === "up" && (await leftOf(runId)) === 0) await setTimeout(5);
      child.kill("SIGINT");
      const [exitCode] = await once(child, "exit");
      expect(stderr()).toContain("interrupted by SIGINT");
      expect(exitCode).toBe(130);
      expect(await leftOf(runId)).toBe(0);
      const files = await readdir(join(out, runId));
      expect(files).not.toContain("run.json");
      expect(files).not.toContain("logs");
    },
  );
});

describe("a harness that was killed", () => {
  it("leaves what clean removes, while a live run beside it is spared and comes to its verdict", async () => {
    const before = new Set(await readdir(out));
    const killed = startRun();
    const killedId = await newRunId(before);
    await until(() => killed.stderr().includes("  load "));
    killed.child.kill("SIGKILL");
    await once(killed.child, "exit");
    expect(await leftOf(killedId)).toBeGreaterThan(0);

    const live = startRun("--lines", "500");
    const liveId = await newRunId(new Set([...before, killedId]));
    await until(() => live.stderr().includes("  load "));
    const cleaned = await run(everyline, ["clean"]);
    expect(cleaned.stdout).toContain(`${killedId}: removed 2 containers, 1 networks, 2 volumes`);
    expect(cleaned.stdout).toContain(`${liveId}: still running, left alone`);
    expect(await leftOf(killedId)).toBe(0);
    expect(await readdir(join(out, killedId))).not.toContain("logs");

    const [exitCode] = await once(live.child, "exit");
    expect(exitCode).toBe(0);
    const document = runDocumentSchema.parse(
      JSON.parse(await readFile(join(out, liveId, "run.json"), "utf8")),
    );
    expect(document).toMatchObject({ verdict: "holds", counts: { written: 500, delivered: 500 } });
  });
});

it("lets two runs at once come to the same verdict on one machine, each printing one JSON document", async () => {
  const args = ["run", "sink-restart", "--lines", "300", "--json", "--out", out];
  const outcomes = await Promise.all([run(everyline, args), run(everyline, args)]);
  for (const { exitCode, stdout } of outcomes) {
    expect(exitCode).toBe(0);
    const document = runDocumentSchema.strict().parse(JSON.parse(stdout));
    expect(document).toMatchObject({ verdict: "holds", counts: { written: 300, delivered: 300 } });
  }
});

describe("bad input", () => {
  it.each([
    [["run", "loki-restrat"], /there is no scenario "loki-restrat". Did you mean sink-restart/],
    [
      ["run", "sink-restart", "--pipeline", "indirect"],
      /there is no pipeline "indirect"; the pipelines are: direct/,
    ],
    [["run", "sink-restart", "--lines", "0"], /whole number from 1 to 10000000 for --lines, got "0"/],
    [["run", "sink-restart", "--rate", "fast"], /whole number .* for --rate, got "fast"/],
    [["run", "sink-restart", "--repeat", "-1"], /--repeat/],
    [["run", "sink-restart", "--seed", "a b"], /expected a seed/],
    [["run", "sink-crash", "--as-documented"], /no test of its own for sink-crash/],
    [["run", "as-written-config", "--pipeline", "direct"], /nothing is claimed of as-written-config/],
    [["run"], /missing required argument/],
    [["check", "/nonexistent"], /folder of a finished run/],
  ])("%j ends with 64 and says what to do", async (args, message) => {
    const { exitCode, stdout, stderr } = await run(everyline, args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
  });

  it("says that no engine answers, and ends with 69", async () => {
    const env = { ...process.env, DOCKER_HOST: "tcp://127.0.0.1:1" };
    const { exitCode, stderr } = await run(everyline, ["run", "sink-restart", "--out", out], { env });
    expect(stderr).toContain("no container engine answers");
    expect(exitCode).toBe(69);
  });
});

describe.runIf(process.getuid?.() === 0)("a full disk", () => {
  const disk = join(tmpdir(), `everyline-disk-${process.pid}`);

  beforeEach(() => mkdir(disk));

  afterEach(async () => {
    await run("umount", [disk]);
    await rm(disk, { recursive: true });
  });

  it.each([
    ["before the run", "100m", ["--lines", "100"], /the disk of .* is full/],
    ["during the load", "230m", ["--lines", "3000000", "--rate", "400000"], /the disk is full/],
  ])("%s ends with 69, says so, and leaves nothing", async (_, size, args, message) => {
    await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", disk]);
    const { exitCode, stderr } = await run(everyline, ["run", "sink-restart", "--out", disk, ...args]);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(69);
    const folders = await readdir(disk);
    for (const runId of folders) {
      expect(await leftOf(runId)).toBe(0);
      expect(await readdir(join(disk, runId))).not.toContain("run.json");
    }
  });
});
