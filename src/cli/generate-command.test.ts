import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../test/support/command.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { type Ledger, readLedger } from "../load/ledger.ts";
import { LineCodec } from "../load/line.ts";
import { nominalMs } from "../load/line-clock.ts";

let dir: TempDir;
beforeEach(async () => {
  dir = await tempDir("everyline-generate-");
});
afterEach(() => dir[Symbol.asyncDispose]());

const generate = (...args: string[]) => run(process.execPath, ["src/cli/everyline.ts", "generate", ...args]);

async function filesIn(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(path, name), "utf8")));
  return Object.fromEntries(names.map((name, index) => [name, texts[index]!]));
}

function linesOf(ledger: Ledger, source: string, count: number): string {
  const codec = new LineCodec(ledger.seed, ledger.clock);
  return Array.from({ length: count }, (_, index) => `${codec.encode(source, index + 1)}\n`).join("");
}

describe("everyline generate", () => {
  it("deals the lines over the sources and writes their ledger", async () => {
    const out = join(dir.path, "made/for/it");
    const { exitCode, stdout, stderr } = await generate(
      "--lines",
      "10",
      "--sources",
      "3",
      "--seed",
      "s",
      "--out",
      out,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`everyline verify --ledger ${out}/ledger.json`);
    const ledger = await readLedger(join(out, "ledger.json"));
    expect(ledger.sources).toEqual([
      { source: "app-1", written: 4, marks: [] },
      { source: "app-2", written: 3, marks: [] },
      { source: "app-3", written: 3, marks: [] },
    ]);
    expect(await filesIn(out)).toMatchObject({
      "app-1.log": linesOf(ledger, "app-1", 4),
      "app-2.log": linesOf(ledger, "app-2", 3),
      "app-3.log": linesOf(ledger, "app-3", 3),
    });
  });

  it("writes the same bytes for the same seed, and others for another", async () => {
    const outOf = async (name: string, ...options: string[]) => {
      const out = join(dir.path, name);
      expect((await generate("--lines", "5000", "--out", out, ...options)).exitCode).toBe(0);
      return filesIn(out);
    };
    const [one, same, other, random] = await Promise.all([
      outOf("one", "--seed", "s"),
      outOf("same", "--seed", "s"),
      outOf("other", "--seed", "t"),
      outOf("random"),
    ]);
    expect(one).toEqual(same);
    expect(new Set([one, other, random].map((files) => files?.["app-1.log"])).size).toBe(3);
  });

  it("ends the times of the lines at the time that is asked for, and says so", async () => {
    const until = Date.parse("2026-11-27T12:00:00Z");
    const written = async (name: string, ...options: string[]) => {
      const out = join(dir.path, name);
      const { stdout } = await generate(
        "--lines",
        "2501",
        "--sources",
        "2",
        "--seed",
        "s",
        "--out",
        out,
        ...options,
      );
      const ledger = await readLedger(join(out, "ledger.json"));
      return { stdout, ledger, files: await filesIn(out), lastMs: nominalMs(ledger.clock, 1_251) };
    };
    const one = await written("one", "--until", "2026-11-27T12:00:00Z");
    expect(one.lastMs).toBe(until);
    expect(one.stdout).toContain("from 2026-11-27T11:59:58.750Z to 2026-11-27T12:00:00.000Z");
    expect((await written("same", "--until", "2026-11-27T12:00:00Z")).files).toEqual(one.files);
    const beforeMs = Date.now();
    const { lastMs } = await written("now", "--until", "now");
    expect(lastMs).toBeGreaterThanOrEqual(beforeMs);
    expect(lastMs).toBeLessThanOrEqual(Date.now());
    expect((await written("fixed")).stdout).toMatch(
      /begin at 2026-01-01\. .* refuses the lines as too old;\nuse --until now/,
    );
  });

  it("prints one JSON document with --json", async () => {
    const { stdout } = await generate(
      "--lines",
      "2",
      "--sources",
      "3",
      "--seed",
      "s",
      "--out",
      dir.path,
      "--json",
    );
    expect(JSON.parse(stdout)).toEqual({
      schema: "everyline/generate@1",
      seed: "s",
      lines: 2,
      ledger: join(dir.path, "ledger.json"),
      files: [1, 1, 0].map((lines, index) => ({
        source: `app-${index + 1}`,
        path: join(dir.path, `app-${index + 1}.log`),
        lines,
      })),
    });
  });

  it("refuses a folder that is not empty, and changes nothing in it", async () => {
    await writeFile(join(dir.path, "mine"), "mine");
    const { exitCode, stderr } = await generate("--lines", "1", "--out", dir.path);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(
      /expected .* to be empty or absent, found files in it; remove them or choose another/,
    );
    expect(await filesIn(dir.path)).toEqual({ mine: "mine" });
  });

  it("refuses a folder that cannot be made", async () => {
    await writeFile(join(dir.path, "file"), "");
    for (const out of [join(dir.path, "file"), join(dir.path, "file/below")]) {
      const { exitCode, stderr } = await generate("--lines", "1", "--out", out);
      expect(exitCode).toBe(64);
      expect(stderr).toMatch(/cannot write to the folder .*ENOTDIR.*Choose another with --out/);
    }
  });

  it.each([
    ["--lines", "1e99"],
    ["--sources", "0"],
    ["--seed", "a b"],
    ["--until", "tomorrow"],
    ["--line", "level={level}"],
  ])("refuses %s %j, says what it expects and makes nothing", async (flag, value) => {
    const { exitCode, stdout, stderr } = await generate(
      "--lines",
      "1",
      "--out",
      join(dir.path, "new"),
      flag,
      value,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
    expect(stderr).toMatch(/^everyline: .*expected a .*, got ".*"; .*like/);
    expect(await readdir(dir.path)).toEqual([]);
  });

  it("writes lines in a form of the user's, of which their ledger has the template", async () => {
    const out = join(dir.path, "formatted");
    const template = 'ts={time} level={level} msg="{line}"';
    await generate("--lines", "5", "--seed", "s", "--line", template, "--out", out);
    const ledger = await readLedger(join(out, "ledger.json"));
    expect(ledger.line).toEqual({ template });
    const lines = (await filesIn(out))["app-1.log"]!.trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    for (const [index, line] of lines.entries())
      expect(line).toMatch(
        new RegExp(
          `^ts=2026-01-01T00:00:00.00${index}000000Z level=info msg="id=s/app-1/${index + 1} .* end=s/app-1/${index + 1}"$`,
        ),
      );
  });

  it("says what is missing", async () => {
    expect((await generate("--lines", "1")).stderr).toContain("--out");
    expect((await generate("--out", dir.path)).exitCode).toBe(64);
  });

  it("removes what it wrote when it is interrupted", async () => {
    const out = join(dir.path, "new");
    const command = `"$0" src/cli/everyline.ts generate --lines 1000000000 --out "$1" & until [ -s "$1/app-1.log" ]; do sleep 0.05; done; kill -INT $!; wait $!`;
    const { exitCode } = await run("bash", ["-c", command, process.execPath, out]);
    expect(exitCode).toBe(130);
    expect(await readdir(dir.path)).toEqual([]);
  });
});
