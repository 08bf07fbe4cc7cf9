import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeModel } from "../../../test/support/compose-model.ts";
import { ownConfig } from "../../../test/support/own-config.ts";
import { hiddenValues } from "./hidden-values.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("compose.yaml", `services: { store: { command: '-s3.secret=\${S3_KEY_SECRET}' } }\n`);
  await write(".env", "DB_PASSWORD=from-dot-env\nTIER=test\n");
  await write("prod.env", "API_TOKEN='from prod'\n");
  await write("key.txt", "of-the-file\n");
});

afterAll(() => rm(folder, { recursive: true }));

it("hides what env files, the environment and secrets hold, and nothing else", async () => {
  const secrets = { key: { file: join(folder, "key.txt") }, word: { content: "of-the-model" } };
  const model = { ...composeModel({}), secrets };
  const config = ownConfig({
    file: join(folder, "everyline.config.yaml"),
    composeFiles: [join(folder, "compose.yaml")],
  });
  const environment = { S3_KEY_SECRET: "from-here", OTHER_SECRET: "not-used" };
  expect(await hiddenValues(config, model, environment)).toEqual([
    "from-dot-env",
    "from-here",
    "of-the-file",
    "of-the-model",
  ]);
  const other = { ...config, envFiles: [join(folder, "prod.env")] };
  expect(await hiddenValues(other, model, {})).toEqual(["from prod", "of-the-file", "of-the-model"]);
});
