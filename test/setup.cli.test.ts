import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { barePath } from "./support/bare-path.ts";
import { hasInstalledPackages } from "./support/checkout.ts";
import { root, run } from "./support/command.ts";

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
