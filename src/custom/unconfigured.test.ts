import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { assertConfigured, unconfigured, unconfiguredNote } from "./unconfigured.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

describe("a folder without a configuration", () => {
  it.each([
    [["compose.yaml"], { file: "compose.yaml", remedy: "everyline init" }],
    [["docker-compose.yml"], { file: "docker-compose.yml", remedy: "everyline init" }],
    [["deploy/compose.yaml"], { file: "deploy/compose.yaml", remedy: "everyline init deploy/compose.yaml" }],
    [
      ["deploy/compose.yaml", "deploy/everyline.config.ts"],
      { file: "deploy/compose.yaml", remedy: "--config deploy/everyline.config.ts" },
    ],
    [["compose.yaml", "everyline.config.yaml"], undefined],
    [["everyline.config.yaml", "deploy/compose.yaml"], undefined],
    [["node_modules/compose.yaml", ".git/compose.yaml", "a/b/compose.yaml", "readme.md"], undefined],
  ])("with %j", async (names, found) => {
    await write(...names);
    expect(await unconfigured(folder)).toEqual(found);
  });

  it("is refused with the way out, and told of where something is only shown", async () => {
    await assertConfigured(folder);
    expect(await unconfiguredNote(folder)).toBe("");
    await write("deploy/compose.yaml");
    await expect(assertConfigured(folder)).rejects.toThrow(
      /there is a Compose file deploy\/compose.yaml, .*`everyline init deploy\/compose.yaml` writes one.*--pipeline direct/,
    );
    expect(await unconfiguredNote(folder)).toMatch(
      /^note: this is about Everyline's own pipelines, not about that of deploy\/compose.yaml, .*`everyline init/,
    );
    await write("deploy/everyline.config.yaml");
    await expect(assertConfigured(folder)).rejects.toThrow(/Pass --config deploy\/everyline.config.yaml/);
  });
});

it("is not Everyline's own checkout", async () => {
  expect(await unconfigured(join(import.meta.dirname, "../.."))).toBeUndefined();
});
