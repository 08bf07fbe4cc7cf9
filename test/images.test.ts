import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type Docker from "dockerode";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UnavailableError } from "../src/base/errors.ts";
import { isAlive } from "../src/base/process-identity.ts";
import { type TempDir, tempDir } from "../src/base/temp-dir.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { builtReference, type CatalogueEntry, imagesDir } from "../src/places/images/catalogue.ts";
import { findLocalImage, resolveEntry, resolveImage } from "../src/places/images/images.ts";
import { inspectImage } from "../src/places/images/inspect-image.ts";
import { pullImage } from "../src/places/images/pull-image.ts";
import { findTool } from "../src/places/images/tools.ts";
import { run } from "./support/command.ts";
import { startRegistry, startSilentRegistry } from "./support/registry.ts";

const never = new AbortController().signal;
const nobodyListens = "127.0.0.1:9";

let docker: Docker;
let architecture: string;

beforeAll(async () => {
  docker = await connectEngine();
  architecture = (await docker.version()).Arch;
});

async function removeImage(reference: string): Promise<void> {
  if (await inspectImage(docker, reference)) await docker.getImage(reference).remove();
}

/** The folders of builds, without those of other processes that are building something now. */
async function buildFolders(): Promise<string[]> {
  const folders = (await readdir(tmpdir())).filter((name) => name.startsWith("everyline-image-"));
  return folders.filter((name) => {
    const [pid, startTime] = name.split("-").slice(2) as [string, string];
    return Number(pid) === process.pid || !isAlive({ pid: Number(pid), startTime: startTime || null });
  });
}

/** What an engine in a virtual machine calls 127.0.0.1 is not where this test listens. */
const engineIsHere = process.platform === "linux";

describe.runIf(engineIsHere)("pulling", () => {
  const options = { onProgress: () => {}, signal: never };

  it("takes an image from a registry that answers", async () => {
    await using registry = await startRegistry(architecture);
    const pull = `${registry.address}/everyline/test:1.0.0`;
    const entry: CatalogueEntry = { name: "test", version: "1.0.0", pull, default: false };
    try {
      expect(await findLocalImage(docker, entry)).toEqual({ state: "missing" });
      const image = await resolveEntry(docker, entry, options);
      expect(image).toMatchObject({ reference: pull, origin: "pulled", version: "1.0.0" });
      expect(image.id).toMatch(/^sha256:/);
    } finally {
      await removeImage(pull);
    }
  });

  it("gives up when the registry does not answer", async () => {
    await using registry = await startSilentRegistry();
    await expect(pullImage(docker, `${registry.address}/everyline/test:1.0.0`, options)).rejects.toThrow(
      new UnavailableError("the registry did not answer within 10 s"),
    );
  });

  it("stops at once when it is told to", async () => {
    await using registry = await startSilentRegistry();
    const controller = new AbortController();
    const pull = pullImage(docker, `${registry.address}/everyline/test:1.0.0`, {
      onProgress: () => controller.abort(new Error("stopped")),
      signal: controller.signal,
    });
    await expect(pull).rejects.toThrow("stopped");
  });
});

describe("building", () => {
  let dir: TempDir;
  let entry: CatalogueEntry;

  beforeEach(async () => {
    dir = await tempDir("everyline-test-");
    const folder = join(dir.path, "image");
    await mkdir(folder);
    entry = {
      name: `test-${process.pid}`,
      version: "1.0.0",
      pull: `${nobodyListens}/everyline/test:1.0.0`,
      build: { folder: relative(imagesDir, folder), inputs: [], needs: ["bash"] },
      default: false,
    };
  });
  afterEach(async () => {
    await removeImage(builtReference(entry));
    await dir[Symbol.asyncDispose]();
  });

  async function buildScript(body: string): Promise<void> {
    const path = join(dir.path, "image/build");
    await writeFile(path, `#!/usr/bin/env bash\nset -euo pipefail\n${body}\n`);
    await chmod(path, 0o755);
  }

  function builds(what: string): Promise<void> {
    return buildScript(
      `printf 'FROM scratch\\nCOPY what /\\nLABEL version=%s architecture=%s\\n' "$1" "$EVERYLINE_ARCH" > "$2/Dockerfile"
       echo ${what} > "$2/what"`,
    );
  }

  async function resolve(
    signal = never,
  ): Promise<{ told: string[]; image: Awaited<ReturnType<typeof resolveEntry>> }> {
    const told: string[] = [];
    const image = await resolveEntry(docker, entry, { onProgress: (text) => told.push(text), signal });
    return { told, image };
  }

  it("builds what cannot be pulled, for the engine's architecture, and says so", async () => {
    await builds("one");
    const { told, image } = await resolve();
    expect(image).toMatchObject({ reference: builtReference(entry), origin: "built", version: "1.0.0" });
    expect(told.join("\n")).toMatch(/cannot be pulled: .*connection refused\nbuilding everyline\/test/);
    const info = await inspectImage(docker, image.id);
    expect(info?.Config.Labels).toMatchObject({ version: "1.0.0", architecture });
  });

  it("builds once", async () => {
    await builds("one");
    const first = await resolve();
    const second = await resolve();
    expect(second).toEqual({ told: [], image: first.image });
  });

  it("builds again when its inputs have changed, and leaves no nameless image behind", async () => {
    await builds("one");
    const first = await resolve();
    await builds("two");
    expect(await findLocalImage(docker, entry)).toMatchObject({ state: "outdated" });
    const second = await resolve();
    expect(second.image.id).not.toBe(first.image.id);
    expect(await inspectImage(docker, first.image.id)).toBeUndefined();
  });

  it("says why it could neither pull nor build, and leaves nothing behind", async () => {
    await buildScript("echo the compiler is broken >&2; exit 3");
    const failure = await resolve().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(String(failure)).toContain("connection refused");
    expect(String(failure)).toContain("the compiler is broken");
    expect(String(failure)).toContain(`everyline images build ${entry.name}:1.0.0`);
    expect(await findLocalImage(docker, entry)).toEqual({ state: "missing" });
    expect(await buildFolders()).toEqual([]);
  });

  it("pulls nothing, and says nothing of pulling, where no registry has the image", async () => {
    delete entry.pull;
    await builds("one");
    const { told, image } = await resolve();
    expect(image).toMatchObject({ reference: builtReference(entry), origin: "built" });
    expect(told.join("\n")).not.toMatch(/pull/);

    await buildScript("echo the compiler is broken >&2; exit 3");
    const failure = await resolve().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(String(failure)).not.toMatch(/pull/i);
    expect(String(failure)).toMatch(
      new RegExp(`\nInstall what the build needs \\(bash\\) and run .*images build ${entry.name}:1`),
    );
  });

  it("builds on another image of the catalogue, which it makes ready first, and again when that has changed", async () => {
    const baseFolder = join(dir.path, "base");
    await mkdir(baseFolder);
    const baseScript = async (what: string) => {
      const body = `printf 'FROM scratch\\nLABEL base=${what}\\n' > "$2/Dockerfile"`;
      await writeFile(join(baseFolder, "build"), `#!/usr/bin/env bash\n${body}\n`, { mode: 0o755 });
    };
    const base: CatalogueEntry = {
      name: `test-base-${process.pid}`,
      version: "1.0.0",
      build: { folder: relative(imagesDir, baseFolder), inputs: [], needs: [] },
      default: false,
    };
    entry.build!.base = base;
    await buildScript(
      `printf 'FROM %s\\nCOPY what /\\n' "$EVERYLINE_BASE" > "$2/Dockerfile"; echo > "$2/what"`,
    );
    try {
      for (const what of ["one", "two"]) {
        await baseScript(what);
        const { image } = await resolve();
        expect((await inspectImage(docker, image.id))?.Config.Labels).toMatchObject({ base: what });
      }
    } finally {
      await removeImage(builtReference(entry));
      await removeImage(builtReference(base));
    }
  });

  it("names the program that a build lacks", async () => {
    await builds("one");
    entry.build?.needs.push("no-such-compiler");
    await expect(resolve()).rejects.toThrow("`no-such-compiler` is not on PATH");
  });

  it("leaves the image as it was when a later build fails", async () => {
    await builds("one");
    const { image } = await resolve();
    await buildScript("echo 'FROM no such thing' > $2/Dockerfile");
    await expect(resolve()).rejects.toThrow(UnavailableError);
    expect(await findLocalImage(docker, entry)).toEqual({ state: "outdated", image });
  });

  it("ends the build script when it is told to stop, and leaves nothing behind", async () => {
    const pidFile = join(dir.path, "pid");
    await buildScript(`echo $$ > ${pidFile}; echo started; sleep 60`);
    const stopped = AbortSignal.timeout(500);
    await expect(resolve(stopped)).rejects.toThrow(stopped.reason);
    expect(await findLocalImage(docker, entry)).toEqual({ state: "missing" });
    expect(await buildFolders()).toEqual([]);
  });
});

describe("resolveImage", () => {
  it("finds what the default scenario needs, without fetching anything", async () => {
    const told: string[] = [];
    const options = { onProgress: (text: string) => told.push(text), signal: never };
    expect(await resolveImage(docker, "loki", "3.6.4", options)).toMatchObject({ version: "3.6.4" });
    expect(told).toEqual([]);
  });

  it("says what there is when the catalogue has no such image", async () => {
    const options = { onProgress: () => {}, signal: never };
    await expect(resolveImage(docker, "loki", "0.1", options)).rejects.toThrow(
      /no image loki:0\.1 .*loki:3\.6\.4/,
    );
  });
});

describe("everyline images", async () => {
  const hasGo = (await findTool("go")) !== undefined;

  it("lists every image, as a table or as JSON alone on stdout", async () => {
    const table = await run("bin/everyline", ["images", "list"]);
    expect(table).toMatchObject({ exitCode: 0, stderr: "" });
    expect(table.stdout).toMatch(/│ loki +│ 3\.6\.4 +│ present +│/);
    const json = await run("bin/everyline", ["images", "list", "--json"]);
    expect(JSON.parse(json.stdout).images).toContainEqual(
      expect.objectContaining({ name: "promtail", version: "3.6.4", state: "present" }),
    );
  });

  it("makes ready in a moment what is ready", async () => {
    const { exitCode, stderr } = await run("bin/everyline", ["images"]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/loki:3\.6\.4 is ready: .+(pulled|built)/);
  });

  it.runIf(hasGo)("ends a build at Ctrl-C with 130", async () => {
    const { exitCode, stderr } = await run("bin/everyline", ["images", "build", "loki:3.6.4"], {
      interruptAt: "building everyline/loki:3.6.4",
    });
    expect(stderr).toContain("SIGINT, cleaning up");
    expect(exitCode).toBe(130);
    expect(await buildFolders()).toEqual([]);
  });
});
