import { chmod, cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../../base/temp-dir.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { contentHash } from "./content-hash.ts";

const entry: CatalogueEntry = {
  name: "store",
  version: "3.6.4",
  pull: "example/store:3.6.4",
  build: { folder: "store", inputs: ["lib", "modules/store"], needs: [] },
  default: false,
};

describe("contentHash", () => {
  let dir: TempDir;
  let root: string;

  beforeEach(async () => {
    dir = await tempDir("everyline-test-");
    root = join(dir.path, "one");
    for (const folder of ["store", "lib", "modules/store", "promtail"]) {
      await mkdir(join(root, folder), { recursive: true });
    }
    await writeFile(join(root, "store/build"), "#!/bin/sh\n", { mode: 0o755 });
    await writeFile(join(root, "lib/go.sh"), "go build\n");
    await writeFile(join(root, "modules/store/go.mod"), "module store\n");
    await writeFile(join(root, "promtail/build"), "#!/bin/sh\n", { mode: 0o755 });
  });
  afterEach(() => dir[Symbol.asyncDispose]());

  it("is the same for the same files elsewhere", async () => {
    const other = join(dir.path, "two");
    await cp(root, other, { recursive: true });
    expect(await contentHash(other, entry)).toBe(await contentHash(root, entry));
  });

  it.each<[string, () => Promise<void>]>([
    ["a file changes", () => writeFile(join(root, "modules/store/go.mod"), "module store2\n")],
    ["a file comes", () => writeFile(join(root, "lib/more.sh"), "")],
    ["a file is renamed", () => rename(join(root, "lib/go.sh"), join(root, "lib/went.sh"))],
    ["a file becomes executable", () => chmod(join(root, "lib/go.sh"), 0o755)],
  ])("changes when %s", async (_what, change) => {
    const before = await contentHash(root, entry);
    await change();
    expect(await contentHash(root, entry)).not.toBe(before);
  });

  it("changes with the version", async () => {
    expect(await contentHash(root, { ...entry, version: "3.7.6" })).not.toBe(await contentHash(root, entry));
  });

  it("stays when another image's files change", async () => {
    const before = await contentHash(root, entry);
    await writeFile(join(root, "promtail/build"), "#!/bin/bash\n");
    expect(await contentHash(root, entry)).toBe(before);
  });

  it("takes a single file for an input", async () => {
    const one = { ...entry, build: { ...entry.build!, inputs: ["lib/go.sh"] } };
    const before = await contentHash(root, one);
    await writeFile(join(root, "lib/more.sh"), "");
    expect(await contentHash(root, one)).toBe(before);
    await writeFile(join(root, "lib/go.sh"), "go vet\n");
    expect(await contentHash(root, one)).not.toBe(before);
  });

  it("stays when packages are installed or tests change, because neither goes into an image", async () => {
    const before = await contentHash(root, entry);
    await mkdir(join(root, "lib/node_modules/pino"), { recursive: true });
    await writeFile(join(root, "lib/node_modules/pino/index.js"), "");
    await writeFile(join(root, "lib/go.test.ts"), "");
    expect(await contentHash(root, entry)).toBe(before);
  });

  it("changes with the version of the base and with what the base is built from", async () => {
    const base: CatalogueEntry = {
      name: "base",
      version: "1.0.0",
      pull: "base:1.0.0",
      build: { folder: "promtail", inputs: [], needs: [] },
      default: false,
    };
    const on = (base: CatalogueEntry) => contentHash(root, { ...entry, build: { ...entry.build!, base } });
    const before = await on(base);
    expect(before).not.toBe(await contentHash(root, entry));
    expect(await on({ ...base, version: "1.0.1" })).not.toBe(before);
    await writeFile(join(root, "promtail/build"), "#!/bin/bash\n");
    expect(await on(base)).not.toBe(before);
  });
});
