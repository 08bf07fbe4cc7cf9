import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { barePath } from "./support/bare-path.ts";
import { hasInstalledPackages } from "./support/checkout.ts";
import { root, run } from "./support/command.ts";

// Elsewhere it leaves that to systemd, or to a user with the right to do so.
const startsEngines =
  process.platform === "linux" &&
  process.getuid?.() === 0 &&
  !process.env.DOCKER_HOST &&
  !existsSync("/run/systemd/system");

async function program(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });
}

describe("bin/setup", async () => {
  // Otherwise it would replace node_modules under this very test.
  const hasPackages = await hasInstalledPackages();

  let dir: TempDir;
  beforeEach(async () => {
    dir = await tempDir("everyline-test-");
  });
  afterEach(() => dir[Symbol.asyncDispose]());

  it.runIf(hasPackages)("says what to install where there is no Docker and no apt-get", async () => {
    const PATH = await barePath(
      join(dir.path, "path"),
      ["bash", "dirname", "cmp", "id", "perl"],
      process.version,
    );
    const { exitCode, stderr } = await run("bin/setup", [], { env: { ...process.env, PATH } });
    expect(exitCode).toBe(69);
    expect(stderr).toContain("setup: the docker command was not found.");
    expect(stderr).toContain("https://docs.docker.com/engine/install/");
  });

  it.runIf(hasPackages)("starts no engine of its own where DOCKER_HOST names another", async () => {
    const env = { ...process.env, DOCKER_HOST: "unix:///no/such/docker.sock" };
    const { exitCode, stderr } = await run("bin/setup", [], { env });
    expect(exitCode).toBe(69);
    expect(stderr).toBe(
      "setup: no Docker engine answers at DOCKER_HOST=unix:///no/such/docker.sock.\n" +
        "       Start it, or unset DOCKER_HOST to use the one of this machine.\n",
    );
  });

  it.runIf(hasPackages && startsEngines)("leaves the engine running that it started", async () => {
    const started = join(dir.path, "started");
    const path = join(dir.path, "path");
    await mkdir(path);
    // An engine that answers once it was started, and then has every image that it is asked for.
    await program(join(path, "docker"), `[ -e ${started} ]`);
    const ended = join(dir.path, "ended");
    await program(
      join(path, "dockerd"),
      `trap 'touch ${ended}; exit' TERM; echo $$ > ${started}; sleep 60 & wait`,
    );
    await run("bin/setup", [], { env: { ...process.env, PATH: `${path}:${process.env.PATH}` } });
    await setTimeout(500);
    expect(existsSync(ended)).toBe(false);
    // So that it writes nothing more into a folder that is being removed.
    process.kill(-Number(await readFile(started, "utf8")), "SIGKILL");
  });

  it.runIf(hasPackages && process.platform === "linux")(
    "compiles beside the installation of an engine that is still missing although its command is there",
    async () => {
      const path = join(dir.path, "path");
      const programs = [
        "bash",
        "dirname",
        "cmp",
        "uname",
        "timeout",
        "sed",
        "grep",
        "awk",
        "cat",
        "cp",
        "mkdir",
      ];
      await barePath(path, [...programs, "xargs"], process.version);
      await program(join(path, "docker"), "exit 1");
      await program(join(path, "id"), "echo 0");
      await program(join(path, "apt-cache"), "exit 0");
      await program(join(path, "go"), "exit 1");
      // The installation of the engine fails, so this ends there.
      await program(join(path, "apt-get"), `[ "$2" != install ]`);
      const { DOCKER_HOST: _, ...environment } = process.env;
      const noNetwork = "--import=data:text/javascript,globalThis.fetch=async()=>{throw(0)}";
      const env = { ...environment, PATH: path, NODE_OPTIONS: noNetwork };
      const { exitCode, stderr } = await run("bin/setup", [], { env });
      expect(exitCode).toBe(69);
      expect(stderr).toMatch(/Loki and Promtail are compiled here[\s\S]*installing docker\.io/);
    },
  );

  it.each(["--everything", "kafka"])(
    "refuses %s, which it does not know, and says what it knows",
    async (argument) => {
      expect(await run("bin/setup", [argument])).toEqual({
        exitCode: 64,
        stdout: "",
        stderr: "usage: bin/setup [--all]\n",
      });
    },
  );

  it("says what to install where there is neither Node 24 nor npm", async () => {
    await cp(join(root, "bin"), join(dir.path, "bin"), { recursive: true });
    const PATH = await barePath(join(dir.path, "path"), ["bash", "dirname"]);
    const { exitCode, stderr } = await run(join(dir.path, "bin/setup"), [], {
      env: { ...process.env, PATH },
    });
    expect(exitCode).toBe(69);
    expect(stderr).toContain("setup: neither Node 24 or newer nor npm was found.\n       Install Node 24");
  });
});
