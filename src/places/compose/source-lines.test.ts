import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SourceLines } from "./source-lines.ts";

let folder: string;
let lines: SourceLines;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await mkdir(join(folder, "logs"));
  await write(
    "compose.yaml",
    "x-log: &log { logging: { driver: local } }\ninclude: [logs/compose.yaml]\nservices:\n  web: { <<: *log, image: nginx }\n",
  );
  await write(
    "logs/compose.yaml",
    "services:\n  ship:\n    extends: { file: base.yaml, service: base }\n    volumes:\n      - ./a.yaml:/a.yaml:ro\n      - { type: bind, source: ./b, target: /b.yaml }\n",
  );
  await write("logs/base.yaml", "services:\n  base:\n    network_mode: host\n");
  await write(
    "over.yaml",
    "x-log: &log { tty: true }\nservices:\n  ship:\n    <<: *log\n    image: !override other\n",
  );
  lines = await SourceLines.of(
    ["compose.yaml", "missing.yaml", "over.yaml"].map((name) => join(folder, name)),
    folder,
  );
});

afterAll(() => rm(folder, { recursive: true }));

it.each([
  [["services", "web", "image"], undefined, "compose.yaml:4"],
  [["services", "ship", "image"], undefined, "over.yaml:5"],
  [["services", "ship", "volumes"], "/a.yaml", "logs/compose.yaml:5"],
  [["services", "ship", "volumes"], "/b.yaml", "logs/compose.yaml:6"],
  [["services", "base", "network_mode"], undefined, "logs/base.yaml:3"],
  // The nearest key above one that does not exist.
  [["services", "web", "networks"], undefined, "compose.yaml:4"],
  [["volumes", "data"], undefined, undefined],
])("finds where %j %s stands", (path, text, at) => {
  expect(lines.at(path, text)).toBe(at);
});
