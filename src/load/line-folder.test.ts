import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../test/support/command.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir("everyline-folder-");
});
afterEach(() => dir[Symbol.asyncDispose]());

const script = `
  import { writeLineFolder } from "${join(import.meta.dirname, "line-folder.ts")}";
  const clock = { epochMs: 0, linesPerSecond: 1_000 };
  const plan = { dir: process.argv[1], seed: "s", clock, lines: 20_000, sources: 2 };
  const thrown = await writeLineFolder(plan, new AbortController().signal).catch((error) => error);
  console.log(thrown.name, thrown.exitCode, thrown.message);
`;

/** A limit on the size of a file stands in for a full disk, which takes root to make. */
const writeWithoutRoom = (out: string) =>
  run("bash", [
    "-c",
    `ulimit -f 1000 && exec "$0" --input-type=module -e "$1" "$2"`,
    process.execPath,
    script,
    out,
  ]);

describe("writeLineFolder", () => {
  it("removes what it wrote when the disk is full, and says how much room is needed", async () => {
    const empty = join(dir.path, "empty");
    await mkdir(empty);
    for (const out of [empty, join(dir.path, "new/below")]) {
      const { stdout } = await writeWithoutRoom(out);
      expect(stdout).toMatch(
        /^UnavailableError 69 no room for 20000 lines, about 4 MB.*free some space or choose another folder/,
      );
    }
    expect(await readdir(dir.path)).toEqual(["empty"]);
    expect(await readdir(empty)).toEqual([]);
  });
});
