import { globSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { refusedKinds } from "../src/alerts/rule-problem.ts";
import { scaleRules } from "../src/alerts/scale-rules.ts";
import { tempDir } from "../src/base/temp-dir.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { readCatalogue, selectEntries } from "../src/places/images/catalogue.ts";
import { findLocalImage } from "../src/places/images/images.ts";
import { brokenRules, ruleFileOf } from "./support/broken-rules.ts";
import { root, run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";

await needImages("prometheus");

const monitoring = join(root, "fixtures/monitoring");
const namesIn = (folder: string) =>
  globSync(`${folder}/*.yaml`, { cwd: monitoring }).map((path) => basename(path));
const sets = namesIn("rules");

async function imageOfPrometheus(): Promise<string> {
  const [entry] = selectEntries(await readCatalogue(), ["prometheus"]);
  const local = await findLocalImage(await connectEngine(), entry!);
  if (local.state === "missing") throw new Error("expected the image of Prometheus to be there");
  return local.image.reference;
}

/** Runs Prometheus' own promtool, which sees a folder as /rules. */
async function promtool(folder: string, ...args: string[]) {
  const given = [
    "--rm",
    "--network",
    "none",
    "--volume",
    `${folder}:/rules:ro`,
    "--entrypoint",
    "/bin/promtool",
  ];
  return run("docker", ["run", ...given, await imageOfPrometheus(), ...args]);
}

describe("promtool", () => {
  it.each(sets)("takes %s", async (name) => {
    const { exitCode, stdout, stderr } = await promtool(monitoring, "check", "rules", `/rules/rules/${name}`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  it("refuses the document's four as they are written, for the severity of each", async () => {
    const { exitCode, stdout, stderr } = await promtool(
      monitoring,
      "check",
      "rules",
      "/rules/rules/as-written/document.yaml",
    );
    expect(exitCode).toBe(1);
    expect((stdout + stderr).match(/line \d+: field severity not found/g)).toEqual([
      "line 9: field severity not found",
      "line 14: field severity not found",
      "line 19: field severity not found",
      "line 24: field severity not found",
    ]);
  });

  it.each(namesIn("rule-tests"))(
    "finds each alert of %s silent before its time, firing at it, and resolved",
    async (name) => {
      const { exitCode, stdout, stderr } = await promtool(
        monitoring,
        "test",
        "rules",
        `/rules/rule-tests/${name}`,
      );
      expect({ exitCode, stderr, stdout }).toEqual({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringContaining("SUCCESS"),
      });
    },
  );

  it("refuses what the lint says it refuses, and takes what the lint finds misleading", async () => {
    await using dir = await tempDir("everyline-rules-");
    await chmod(dir.path, 0o755);
    const isRefused = (code: string) => (refusedKinds as readonly string[]).includes(code);
    const files = brokenRules.map(([code, rule], index) => ({ name: `${code}-${index}.yaml`, code, rule }));
    for (const { name, rule } of files) await writeFile(join(dir.path, name), ruleFileOf(rule));
    const paths = files.map(({ name }) => `/rules/${name}`);
    const { stderr } = await promtool(dir.path, "check", "rules", "--lint=none", ...paths);
    const refused = new Set([...stderr.matchAll(/\/rules\/([\w-]+\.yaml): /g)].map(([, name]) => name));
    const expected = files.filter(({ code }) => isRefused(code)).map(({ name }) => name);
    expect([...refused].sort()).toEqual(expected.sort());
  });

  it.each([1 / 10, 1 / 100, 1 / 1_000, 3])("takes every set scaled by %d", async (factor) => {
    await using dir = await tempDir("everyline-rules-");
    const folder = join(dir.path, "rules");
    await mkdir(folder);
    for (const name of sets) {
      const text = await readFile(join(monitoring, "rules", name), "utf8");
      await writeFile(join(folder, name), scaleRules(text, factor));
    }
    // Prometheus' image runs as a user of its own.
    await chmod(dir.path, 0o755);
    const { exitCode, stderr } = await promtool(
      folder,
      "check",
      "rules",
      ...sets.map((name) => `/rules/${name}`),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
