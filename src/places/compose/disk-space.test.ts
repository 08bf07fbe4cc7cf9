import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { diskSpaceOf } from "./disk-space.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-space-"));
  await mkdir(join(folder, "one", "deep"), { recursive: true });
  await mkdir(join(folder, "two"));
  await writeFile(join(folder, "one", "deep", "a"), Buffer.alloc(200_000, 1));
  await writeFile(join(folder, "two", "b"), Buffer.alloc(300_000, 1));
  await symlink(join(folder, "two"), join(folder, "one", "link"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("adds up the files of all folders and their subfolders, and follows no link", async () => {
  const one = (await diskSpaceOf([join(folder, "one")]))!;
  expect(one).toBeGreaterThanOrEqual(200_000);
  expect(one).toBeLessThan(300_000);
  const both = (await diskSpaceOf([join(folder, "one"), join(folder, "two")]))!;
  expect(both).toBeGreaterThanOrEqual(one + 300_000);
});

it("is not known where a folder cannot be read, or there is none", async () => {
  expect(await diskSpaceOf([join(folder, "one"), join(folder, "gone")])).toBeUndefined();
  expect(await diskSpaceOf([])).toBeUndefined();
});
