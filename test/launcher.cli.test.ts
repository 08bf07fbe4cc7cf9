import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { barePath } from "./support/bare-path.ts";
import { root, run } from "./support/command.ts";

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir("everyline-test-");
});
afterEach(() => dir[Symbol.asyncDispose]());

describe("bin/everyline", () => {
  it("works from any folder, through symbolic links to symbolic links", async () => {
    await symlink(join(root, "bin/everyline"), join(dir.path, "first"));
    await symlink("first", join(dir.path, "second"));
    const { exitCode, stdout } = await run("./second", ["images", "--help"], { cwd: dir.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Usage: everyline images");
  });

  it("sends to bin/setup where the npm packages are missing", async () => {
    await cp(join(root, "bin"), join(dir.path, "bin"), { recursive: true });
    const { exitCode, stderr } = await run(join(dir.path, "bin/everyline"));
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/npm packages are not installed\. Run \/.*\/bin\/setup first\.\n$/);
  });

  it("keeps its exit codes through npm", async () => {
    const { exitCode, stderr } = await run("npm", ["run", "everyline", "--", "images", "build", "loki:0.1"]);
    expect(stderr).toContain("there is no image loki:0.1");
    expect(exitCode).toBe(64);
  });
});

describe("packaging/everyline, the command of the npm package", () => {
  it("runs the TypeScript of a checkout, through a symbolic link", async () => {
    await symlink(join(root, "packaging/everyline"), join(dir.path, "everyline"));
    const { exitCode, stdout } = await run("./everyline", ["images", "--help"], { cwd: dir.path });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Usage: everyline images");
  });

  it("keeps to itself the options that Node has as well", async () => {
    const { exitCode, stderr } = await run("packaging/everyline", ["images", "--env-file", "missing.env"]);
    expect(exitCode).toBe(64);
    expect(stderr).toContain("unknown option '--env-file'");
  });

  it("refuses a Node that is too old, instead of ending with 0 as if something held", async () => {
    const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'22.20.0'}})";
    const env = { ...process.env, NODE_OPTIONS: `--import=${older}` };
    const { exitCode, stderr } = await run("packaging/everyline", ["--version"], { env });
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^everyline: Node 24 or newer is needed, found v/);
  });
});

describe("bin/with-node", () => {
  beforeEach(async () => {
    await cp(join(root, "bin"), join(dir.path, "bin"), { recursive: true });
  });

  async function withNode(nodeVersion: string, ...command: string[]) {
    const PATH = await barePath(join(dir.path, "path"), ["bash", "dirname"], nodeVersion);
    return run(join(dir.path, "bin/with-node"), command, { env: { PATH } });
  }

  it("takes the Node of .everyline before one that is too old", async () => {
    const own = join(dir.path, ".everyline/node/bin");
    await mkdir(own, { recursive: true });
    await symlink(process.execPath, join(own, "node"));
    expect(await withNode("v23.11.1", "node", "--print", "process.version")).toEqual({
      exitCode: 0,
      stdout: `${process.version}\n`,
      stderr: "",
    });
  });

  it("leaves PATH as it is where its Node is new enough", async () => {
    const { stdout } = await withNode("v25.0.0", "bash", "-c", "echo $PATH");
    expect(stdout).toBe(`${join(dir.path, "path")}\n`);
  });

  it("sends to bin/setup where no Node is new enough", async () => {
    const { exitCode, stderr } = await withNode("v20.20.2", "node");
    expect(exitCode).toBe(69);
    expect(stderr).toBe(
      "everyline: Node 24 or newer is needed, found v20.20.2. Run bin/setup, which gets it.\n",
    );
  });
});
