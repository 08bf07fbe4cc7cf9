import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../base/temp-dir.ts";
import { engineEndpoints } from "./engine-endpoints.ts";

describe("engineEndpoints", () => {
  let home: TempDir;

  beforeEach(async () => {
    home = await tempDir("everyline-test-");
  });
  afterEach(() => home[Symbol.asyncDispose]());

  async function addContext(name: string, host: string): Promise<void> {
    const id = createHash("sha256").update(name).digest("hex");
    const folder = join(home.path, ".docker/contexts/meta", id);
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "meta.json"),
      JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
    );
  }

  async function firstOf(env: NodeJS.ProcessEnv) {
    return (await engineEndpoints(env, home.path))[0];
  }

  it("looks nowhere else when DOCKER_HOST is set", async () => {
    await addContext("colima", "unix:///colima.sock");
    expect(
      await engineEndpoints({ DOCKER_HOST: "tcp://builder:2375", DOCKER_CONTEXT: "colima" }, home.path),
    ).toEqual([{ host: "tcp://builder:2375", from: "DOCKER_HOST" }]);
  });

  it("starts with the context that `docker context use` chose", async () => {
    await addContext("colima", "unix:///colima.sock");
    await writeFile(join(home.path, ".docker/config.json"), JSON.stringify({ currentContext: "colima" }));
    expect(await firstOf({})).toEqual({ host: "unix:///colima.sock", from: "the Docker context colima" });
  });

  it("prefers DOCKER_CONTEXT to it", async () => {
    await addContext("colima", "unix:///colima.sock");
    await addContext("other", "unix:///other.sock");
    await writeFile(join(home.path, ".docker/config.json"), JSON.stringify({ currentContext: "colima" }));
    expect(await firstOf({ DOCKER_CONTEXT: "other" })).toMatchObject({ host: "unix:///other.sock" });
  });

  it("goes on with the usual sockets when the context is gone or unreadable", async () => {
    await mkdir(join(home.path, ".docker"));
    await writeFile(join(home.path, ".docker/config.json"), "{ not json");
    expect(await firstOf({})).toMatchObject({ host: "unix:///var/run/docker.sock" });
    expect(await firstOf({ DOCKER_CONTEXT: "gone" })).toMatchObject({ host: "unix:///var/run/docker.sock" });
  });

  it("names no socket twice", async () => {
    await addContext("desktop", "unix:///var/run/docker.sock");
    const hosts = (await engineEndpoints({ DOCKER_CONTEXT: "desktop" }, home.path)).map(({ host }) => host);
    expect(new Set(hosts).size).toBe(hosts.length);
  });
});
