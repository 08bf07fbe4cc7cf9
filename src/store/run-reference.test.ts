import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { findStored, lastStored, storedIds } from "./run-reference.ts";

const restart = "20260102t030405-sink-restart-1a2b";
const restartAgain = "20260102t030506-sink-restart-99ff";
const crash = "20260103t000000-sink-crash-0c0d";
const killed = "20260104t000000-sink-crash-beef";

let dir: TempDir;
let reportsFolder: string;
beforeEach(async () => {
  dir = await tempDir("everyline-test-");
  reportsFolder = join(dir.path, "reports");
  for (const id of [restart, restartAgain, crash, killed, "sample"])
    await mkdir(join(reportsFolder, id), { recursive: true });
  for (const id of [restart, restartAgain, crash, "sample"])
    await writeFile(join(reportsFolder, id, "run.json"), "{}");
});
afterEach(() => dir[Symbol.asyncDispose]());

const messageOf = async (reference: string) =>
  findStored(reference, { reportsFolder }).then(
    (path) => path,
    ({ message }: Error) => message.replaceAll(dir.path, "DIR"),
  );

describe("findStored", () => {
  it("takes a folder, a file in it, an id, or the beginning of one", async () => {
    const folder = join(reportsFolder, crash);
    for (const reference of [folder, join(folder, "run.json"), crash, "20260103", "20260103t000000-sink"])
      expect(await findStored(reference, { reportsFolder })).toBe(folder);
  });

  it("names all that the beginning of an id could mean", async () => {
    expect(await messageOf("20260102")).toMatchInlineSnapshot(
      `"2 runs begin with "20260102": 20260102t030405-sink-restart-1a2b, 20260102t030506-sink-restart-99ff. Write more of the one you mean."`,
    );
  });

  it("names the nearest where there is no such run", async () => {
    expect(await messageOf("20260102t030405-sink-restart-1a2c")).toMatchInlineSnapshot(
      `"there is no run "20260102t030405-sink-restart-1a2c" in DIR/reports. Did you mean 20260102t030405-sink-restart-1a2b, 20260102t030506-sink-restart-99ff, 20260103t000000-sink-crash-0c0d? Pass its folder, its id, or the beginning of its id."`,
    );
  });

  it("says of a run that was killed that it is not finished", async () => {
    expect(await messageOf(killed)).toMatchInlineSnapshot(
      `"expected the folder of a finished run, but DIR/reports/20260104t000000-sink-crash-beef has no run.json. Pass a folder like reports/RUN_ID."`,
    );
  });

  it("says of a path that it is not there", async () => {
    expect(await messageOf("nowhere/20260102")).toMatchInlineSnapshot(
      `"expected the folder of a finished run, but there is no nowhere/20260102. Pass a folder like reports/RUN_ID, or its id."`,
    );
  });

  it("says how to make a run where there is none", async () => {
    await expect(findStored("x", { reportsFolder: join(dir.path, "none") })).rejects.toThrow(
      "`everyline run SCENARIO` makes one",
    );
  });
});

describe("lastStored", () => {
  it("is the newest that came to an end, and no folder that somebody else put there", async () => {
    expect(await storedIds({ reportsFolder })).toEqual([restart, restartAgain, crash, "sample"]);
    expect(await lastStored({ reportsFolder })).toBe(join(reportsFolder, crash));
  });
});
