import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exists } from "../src/base/exists.ts";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { imagesDir, readCatalogue } from "../src/places/images/catalogue.ts";
import { contentHash } from "../src/places/images/content-hash.ts";
import { root, run } from "./support/command.ts";
import { lastRunIn } from "./support/own-stack.ts";
import { type Packed, pack, succeed, userEnvironment } from "./support/packed.ts";

const largestBytes = 1_500_000;

/** Imports every module of the package, so that a file or a package which is missing shows. */
const importAll = `
  import { globSync } from "node:fs";
  const modules = globSync("node_modules/everyline/dist/**/*.js");
  const runByThemselves = /(generator|gateway)-worker\\.js$|html\\/cursor\\.js$/;
  for (const path of modules) if (!runByThemselves.test(path)) await import("./" + path);
  console.log(modules.length);`;

describe("the npm package, in a folder with a user's stack", () => {
  let dir: TempDir;
  let packed: Packed;
  let shop: string;
  const everyline = (...args: string[]) => succeed(shop, "npx", "everyline", ...args);
  const installed = (path: string) => join(shop, "node_modules/everyline", path);

  beforeAll(async () => {
    dir = await tempDir("everyline-test-");
    packed = await pack(dir.path);
    shop = join(dir.path, "shop");
    await cp(join(root, "fixtures/stacks/rewritten-config"), shop, { recursive: true });
    await rm(join(shop, "everyline.config.yaml"));
    await mkdir(join(shop, "app-logs"));
    const compose = await readFile(join(shop, "compose.yaml"), "utf8");
    // What the container that rewrites its own settings does has a test elsewhere, and ends in `unknown`.
    await writeFile(join(shop, "compose.yaml"), compose.replace(", tuner]", "]"));
    await succeed(
      shop,
      "npm",
      "install",
      packed.tarball,
      "--ignore-scripts",
      "--prefer-offline",
      "--no-audit",
      "--no-fund",
    );
  });
  afterAll(() => dir[Symbol.asyncDispose]());

  it("has no tests in it, nor what only tests read, and is below 1.5 MB", () => {
    const unwanted =
      /\.test\.|^test\/|^reports\/|^fixtures\/(runs|recordings|stacks)\/|node_modules|\.everyline/;
    expect(packed.files.filter((path) => unwanted.test(path))).toEqual([]);
    expect(packed.files).toEqual(expect.arrayContaining(["LICENSE", "CHANGELOG.md", "README.md"]));
    expect(packed.sizeBytes).toBeLessThan(largestBytes);
  });

  it("has every file that its images are built from, as the checkout has it", async () => {
    for (const entry of await readCatalogue()) {
      if (entry.build === undefined) continue;
      const inPackage = await contentHash(installed("fixtures/images"), entry);
      expect(inPackage, entry.name).toBe(await contentHash(imagesDir, entry));
    }
  });

  it("makes the build context of an image from its own files", async () => {
    const context = join(dir.path, "context");
    await mkdir(context);
    const env = { ...userEnvironment, EVERYLINE_BASE: "node:24" };
    const script = installed("fixtures/images/stdout-generator/build");
    const { exitCode, stderr } = await run(script, ["0.1.0", context], { env });
    expect(exitCode, stderr).toBe(0);
    expect(await exists(join(context, "src/load/stdout/main.ts"))).toBe(true);
  });

  it("has every module and package that a command loads", async () => {
    const modules = await succeed(shop, "node", "--input-type=module", "--eval", importAll);
    expect(Number(modules)).toBeGreaterThan(400);
  });

  it("says its version, and keeps its cache outside of itself", async () => {
    const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const caches = join(dir.path, "caches");
    const env = { ...userEnvironment, XDG_CACHE_HOME: caches };
    const { stdout } = await run("npx", ["everyline", "--version"], { cwd: shop, env });
    expect(stdout).toBe(`${version}\n`);
    expect(await exists(join(caches, "everyline/compile-cache"))).toBe(true);
    expect(await exists(installed(".everyline"))).toBe(false);
  });

  it("describes the stack, and runs a scenario on it to a verdict", async () => {
    await everyline("init");
    const config = parse(await readFile(join(shop, "everyline.config.yaml"), "utf8"));
    expect(config).toMatchObject({
      source: { folder: "/var/log/shop" },
      shipper: { service: "promtail" },
      loki: { url: "http://loki:3100", selector: '{job="shop"}' },
    });
    expect(await everyline("list")).toContain("sink-restart");
    await everyline("run", "sink-restart", "--lines", "500");
    const { report, document } = await lastRunIn(join(shop, "reports"));
    expect(document).toMatchObject({ verdict: "holds", counts: { written: 500, delivered: 500 } });
    expect(await readFile(join(report, "report.html"), "utf8")).toContain("npx everyline run sink-restart");
  });

  it("runs a pipeline of its own, whose files are in the package", async () => {
    await everyline("run", "sink-restart", "--pipeline", "direct", "--lines", "500", "--out", "of-direct");
    const { document } = await lastRunIn(join(shop, "of-direct"));
    expect(document).toMatchObject({ verdict: "holds", plan: { pipeline: "direct" } });
  });

  it("takes a configuration in TypeScript, and shows what it would do", async () => {
    const config = parse(await readFile(join(shop, "everyline.config.yaml"), "utf8"));
    await writeFile(
      join(shop, "typed.config.ts"),
      `export default ${JSON.stringify(config)} satisfies object;\n`,
    );
    const plan = await everyline("run", "sink-restart", "--config", "typed.config.ts", "--dry-run");
    expect(plan).toContain("sink-restart");
  });
});
