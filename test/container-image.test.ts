import { copyFile, mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { root, run } from "./support/command.ts";
import { buildImage, imageBases } from "./support/image-base.ts";
import { type OwnStack, useOwnStacks } from "./support/own-stack.ts";
import { pack } from "./support/packed.ts";

const tag = `everyline-test-image:${process.pid}`;
const bases = `everyline-test-base-${process.pid}`;
const socket = "/var/run/docker.sock";
const stackOf = useOwnStacks(afterAll);

describe("Everyline's container image, with the socket of the engine", () => {
  let dir: TempDir;
  let stack: OwnStack;

  /** Runs `everyline` in the image as docs/in-ci.md says, unless the options of `docker run` are others. */
  async function everyline(args: string[], options: Partial<{ network: string; folder: string }> = {}) {
    const { network = "host", folder = stack.folder } = options;
    const mounts = ["--volume", `${socket}:${socket}`, "--volume", `${stack.folder}:${folder}`];
    const given = ["--rm", "--init", "--network", network, ...mounts, "--workdir", folder];
    const outcome = await run("docker", ["run", ...given, tag, ...args]);
    return { ...outcome, ...(await stack.lastRun()) };
  }

  beforeAll(async () => {
    dir = await tempDir("everyline-test-");
    const context = join(dir.path, "context");
    const { tarball } = await pack(dir.path);
    const args = await imageBases(dir.path, bases);
    await mkdir(context);
    for (const file of ["Dockerfile", ".dockerignore"]) await copyFile(join(root, file), join(context, file));
    await copyFile(tarball, join(context, basename(tarball)));
    await buildImage(context, tag, args);
    stack = await stackOf("rewritten-config", {
      "compose.yaml": (text) => text.replace(", tuner]", "]"),
    });
  });
  afterAll(async () => {
    await run("docker", ["image", "rm", "--force", tag, `${bases}-node`, `${bases}-cli`]);
    await dir[Symbol.asyncDispose]();
  });

  it("runs a stack to its verdict", async () => {
    const { exitCode, stderr, document } = await everyline(["run", "sink-restart", "--lines", "500"]);
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ verdict: "holds", counts: { written: 500, delivered: 500 } });
  });

  it("refuses a run where the engine has the folder at another path, before anything starts", async () => {
    const before = await readdir(join(stack.folder, "reports"));
    const { exitCode, stderr } = await everyline(["run", "sink-restart"], { folder: "/elsewhere/shop" });
    expect(exitCode).toBe(69);
    expect(stderr).toContain("the container engine does not have /elsewhere/shop/reports/");
    expect(stderr).toContain('mount the folder at the same path as outside: docker run --volume "$PWD:$PWD"');
    expect((await readdir(join(stack.folder, "reports"))).length).toBe(before.length + 1);
  });

  it("refuses a run in a network of its own, from which it could not reach the stack", async () => {
    const { exitCode, stderr } = await everyline(["run", "sink-restart"], { network: "bridge" });
    expect(exitCode).toBe(69);
    expect(stderr).toContain("Start the container with --network host.");
  });
});
