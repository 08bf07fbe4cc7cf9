import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { composeFilesIn } from "./compose-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function filesWith(files: Record<string, string>, environment = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return (await composeFilesIn(folder, environment)).map((path) => basename(path));
}

describe("composeFilesIn", () => {
  it.each([
    [["compose.yaml"], ["compose.yaml"]],
    [
      ["compose.yaml", "compose.override.yaml"],
      ["compose.yaml", "compose.override.yaml"],
    ],
    [
      ["docker-compose.yaml", "docker-compose.yml", "docker-compose.override.yml"],
      ["docker-compose.yml", "docker-compose.override.yml"],
    ],
    [["loki.yaml"], []],
  ])("finds %j as Compose does: %j", async (there, found) => {
    expect(await filesWith(Object.fromEntries(there.map((name) => [name, ""])))).toEqual(found);
  });

  it("takes what COMPOSE_FILE names, the environment before .env", async () => {
    const files = {
      "compose.yaml": "",
      "compose.override.yaml": "",
      ".env": "COMPOSE_FILE=compose.yaml:logs.yaml\n",
    };
    expect(await filesWith(files)).toEqual(["compose.yaml", "logs.yaml"]);
    const environment = { COMPOSE_FILE: "a.yaml;b.yaml", COMPOSE_PATH_SEPARATOR: ";" };
    expect(await filesWith(files, environment)).toEqual(["a.yaml", "b.yaml"]);
  });
});
