import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { upgradeDocumentSchema } from "../src/upgrades/upgrade-document.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { type ChangedImage, changedImage } from "./support/changed-image.ts";
import { run } from "./support/command.ts";
import { scriptedLoki } from "./support/scripted-loki.ts";

let dir: TempDir;
let refusing: ChangedImage;
let older: ChangedImage;
let newer: ChangedImage;
beforeAll(async () => {
  dir = await tempDir("everyline-upgrade-");
  const refuses = 'ENTRYPOINT ["/usr/bin/loki", "-no-such-flag"]';
  const docker = await connectEngine();
  const base = "everyline/loki:3.6.4";
  refusing = await changedImage(docker, base, refuses);
  const refusesLater = "if [ -e /tmp/loki/later ]; then echo the data is of a later version >&2; exit 1; fi";
  older = await scriptedLoki(docker, base, refusesLater);
  newer = await scriptedLoki(docker, base, "if [ -d /tmp/loki ]; then touch /tmp/loki/later; fi");
});
afterAll(async () => {
  for (const image of [refusing, older, newer]) await image[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

const upgrade = (...args: string[]) => run("bin/everyline", ["upgrade", "--out", dir.path, ...args]);

describe("everyline upgrade", () => {
  it("says no-go where the new image accepts neither the configuration nor the old one's data, and loses no line", async () => {
    const { exitCode, stdout, stderr } = await upgrade(
      ...[
        "--from",
        "loki=3.6.4",
        "--to",
        `loki=${refusing.reference}`,
        "--pipeline",
        "direct",
        "--swap-only",
      ],
    );
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toMatch(/direct, loki +│ 3\.6\.4 +│ accepted /);
    expect(stdout).toMatch(/against it: direct, loki: \S+ refuses the configuration:\s.*-no-such-flag/s);
    expect(stdout).toMatch(
      /against it: direct\/upgrade\/in-place: loki: \S+\s\S+\sdoes\snot\srun\son\sthe\sdata\sof\s/,
    );
    expect(stdout).toMatch(/upgrade of loki from 3\.6\.4 to \S+: no-go\n$/);

    const folder = join(dir.path, (await readdir(dir.path)).find((name) => name.includes("-upgrade-loki-"))!);
    const document = upgradeDocumentSchema.parse(
      JSON.parse(await readFile(join(folder, "upgrade.json"), "utf8")),
    );
    expect(document.swaps.map(({ entry }) => entry.verdict)).toEqual(["unknown", "unknown"]);
    for (const { entry } of document.swaps) expectAllDelivered(entry.counts!, 2_000);
    const markdown = await readFile(join(folder, "upgrade.md"), "utf8");
    expect(markdown).toContain("## Decision: no-go");
    const again = await run("bin/everyline", ["report", folder]);
    expect(again.stdout).toBe(`${folder}: wrote upgrade.json, upgrade.html, upgrade.md\n`);
    expect(await readFile(join(folder, "upgrade.md"), "utf8")).toBe(markdown);
  });

  it("says no-go where the old image does not run on what the new one left, goes on with the new one, and loses no line", async () => {
    const out = join(dir.path, "no-way-back");
    const { exitCode, stdout, stderr } = await run("bin/everyline", [
      ...["upgrade", "--out", out, "--swap-only", "--pipeline", "direct"],
      ...["--from", `loki=${older.reference}`, "--to", `loki=${newer.reference}`],
    ]);
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toMatch(/direct, loki +│ \S+ +│ accepted .*\n.*direct, loki +│ \S+ +│ accepted /);
    const folder = join(out, (await readdir(out)).find((name) => name.includes("-upgrade-loki-"))!);
    const document = upgradeDocumentSchema.parse(
      JSON.parse(await readFile(join(folder, "upgrade.json"), "utf8")),
    );
    expect(document.swaps).toHaveLength(2);
    for (const { entry, refusals } of document.swaps) {
      expect(entry.verdict).toBe("unknown");
      expectAllDelivered(entry.counts!, 2_000);
      expect(refusals).toHaveLength(1);
      const [before, after] = [older, newer].map(({ reference }) => `${reference} \\(\\w+\\)`);
      expect(refusals[0]).toMatch(new RegExp(`^loki: ${before} does not run on the data of ${after}: `));
      expect(refusals[0]).toContain("ended by itself with exit code 1");
      expect(refusals[0]).toContain("the data is of a later version");
    }
  });
});
