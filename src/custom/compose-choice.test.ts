import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { composeChoice } from "./compose-choice.ts";
import { otherFilesWithLoki } from "./other-compose-files.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-choice-"));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text = "services: {}\n"): Promise<void> {
  await mkdir(join(folder, path, ".."), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function chosen(given?: string, file: string[] = [], environment = {}): Promise<string[]> {
  const files = await composeChoice(folder, given, { file }, environment);
  return files.map((path) => relative(folder, path));
}

it("takes the files that are named with -f, and no override file", async () => {
  await write("compose.yaml");
  await write("compose.override.yaml");
  await write("b/logs.yml");
  expect(await chosen(undefined, ["compose.yaml", "b/logs.yml"])).toEqual(["compose.yaml", "b/logs.yml"]);
  expect(await chosen()).toEqual(["compose.yaml", "compose.override.yaml"]);
  expect(await chosen(undefined, [], { COMPOSE_FILE: "b/logs.yml" })).toEqual(["b/logs.yml"]);
  expect(await chosen("b/logs.yml")).toEqual(["b/logs.yml"]);
});

it("takes the only Compose file in the folders below, with its override file", async () => {
  await write("node_modules/x/compose.yaml");
  await write("ops/docker/docker-compose.yml");
  await write("ops/docker/docker-compose.override.yml");
  expect(await chosen()).toEqual(["ops/docker/docker-compose.yml", "ops/docker/docker-compose.override.yml"]);
});

it("refuses to choose between several, and says how to name one", async () => {
  await write("a/compose.yaml");
  await write("b/compose.yaml");
  await expect(chosen()).rejects.toThrow(
    /several of its folders[\s\S]*init a\/compose.yaml\n.*init b\/compose.yaml/,
  );
});

it("refuses files that do not exist, none at all, and two ways of naming them", async () => {
  await expect(chosen()).rejects.toThrow("there is no Compose file in");
  await expect(chosen("x.yaml")).rejects.toThrow(/there is no Compose file .*x.yaml; name one/);
  await expect(chosen(undefined, ["x.yaml"])).rejects.toThrow(/there is no Compose file .*x.yaml; name one/);
  await expect(chosen("x.yaml", ["y.yaml"])).rejects.toThrow(
    "expected either the Compose file x.yaml or -f y.yaml",
  );
});

it("finds other Compose files that have a Loki", async () => {
  const withLoki = "services: { db: { image: 'ghcr.io/mirror/grafana/loki:3.4.1' } }\n";
  await write("compose.yaml", withLoki);
  await write("docker-compose.logging.yml", withLoki);
  await write("docker-compose.dev.yml");
  await write("values.yaml", withLoki);
  expect(await otherFilesWithLoki(folder, [join(folder, "compose.yaml")])).toEqual([
    "docker-compose.logging.yml",
  ]);
});
