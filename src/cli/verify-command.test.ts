import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../test/support/command.ts";
import { type TempDir, tempDir } from "../base/temp-dir.ts";
import { countsSchema } from "../judge/counts.ts";

let dir: TempDir;
/** What app-1 and app-2 wrote, 50 lines each. */
let lines: Record<"app-1" | "app-2", string[]>;

beforeEach(async () => {
  dir = await tempDir("everyline-verify-");
  await run(process.execPath, [
    "src/cli/everyline.ts",
    "generate",
    "--lines",
    "100",
    "--sources",
    "2",
    "--seed",
    "s",
    "--out",
    pathOf("out"),
  ]);
  lines = { "app-1": await linesIn("app-1"), "app-2": await linesIn("app-2") };
});
afterEach(() => dir[Symbol.asyncDispose]());

const pathOf = (name: string) => join(dir.path, name);
const verify = (...args: string[]) =>
  run(process.execPath, ["src/cli/everyline.ts", "verify", "--ledger", pathOf("out/ledger.json"), ...args]);

async function linesIn(source: string): Promise<string[]> {
  return (await readFile(pathOf(`out/${source}.log`), "utf8")).trimEnd().split("\n");
}

async function observed(name: string, texts: string[]): Promise<string> {
  await writeFile(pathOf(name), texts.map((text) => `${text}\n`).join(""));
  return pathOf(name);
}

/** Verifies with --json; what it prints must be one document. */
async function document(...args: string[]) {
  const { exitCode, stdout, stderr } = await verify(...args, "--json");
  expect(stderr).toBe("");
  return { exitCode, ...JSON.parse(stdout) };
}

const clean = {
  written: 100,
  delivered: 100,
  lost: 0,
  duplicated: 0,
  reordered: 0,
  corrupted: 0,
  truncated: 0,
  merged: 0,
  unexpected: 0,
  late: 0,
};

describe("lines in a form of the user's", () => {
  const [before, after] = ['ts={time} level={level} msg="', '" n=1'];

  beforeEach(async () => {
    const args = ["--lines", "100", "--sources", "2", "--seed", "s", "--line", `${before}{line}${after}`];
    await rm(pathOf("out"), { recursive: true });
    await run(process.execPath, ["src/cli/everyline.ts", "generate", ...args, "--out", pathOf("out")]);
    lines = { "app-1": await linesIn("app-1"), "app-2": await linesIn("app-2") };
  });

  const message = (line: string) => /msg="(.*)"/.exec(line)![1]!;
  const all = () => [...lines["app-1"], ...lines["app-2"]];

  it("are recognised as they were written, and as their messages alone, in whatever form", async () => {
    const exports = [
      all(),
      all().map(message),
      all().map((line) => JSON.stringify({ labels: {}, line: message(line), timestamp: "t" })),
      all().map((line) => JSON.stringify({ at: Math.random(), record: { text: line } })),
    ];
    for (const texts of exports) {
      const { exitCode, counts } = await document(await observed("export", texts));
      expect({ exitCode, counts }).toEqual({ exitCode: 0, counts: clean });
    }
  });

  it("are counted exactly where some are missing, damaged, or left in another form than most", async () => {
    const texts = all().map(message).toSpliced(7, 1);
    texts[20] = texts[20]!.replace("Test log", "Test_log");
    texts[30] = all()[31]!;
    const { exitCode, counts } = await document(await observed("export", texts));
    expect(exitCode).toBe(1);
    expect(counts).toEqual({ ...clean, delivered: 97, lost: 3, corrupted: 1, merged: 1 });
  });
});

describe("everyline verify", () => {
  it("holds when every line came back once, in whatever form, file and order", async () => {
    const logcli = lines["app-1"].map((line) => JSON.stringify({ labels: {}, line, timestamp: "t" }));
    const docker = lines["app-2"].map((line) =>
      JSON.stringify({ log: `${line}\n`, stream: "stdout", time: "t" }),
    );
    const { exitCode, verdict, reasons, counts, lost } = await document(
      await observed("one.jsonl", [...logcli.slice(0, 20), ...docker.slice(30)]),
      await observed("two.log", [...lines["app-1"].slice(20).toReversed()]),
      await observed("three.jsonl", docker.slice(0, 30)),
    );
    expect({ exitCode, verdict, reasons, lost }).toEqual({
      exitCode: 0,
      verdict: "holds",
      reasons: [],
      lost: [],
    });
    expect(counts).toEqual({ ...clean, reordered: 29 + 30 });
    expect(countsSchema.parse(counts)).toEqual(counts);
  });

  it("says in which form it read each file, and refuses by name what it does not read", async () => {
    const compose = await observed(
      "compose.txt",
      lines["app-1"].map((line) => `app-1  | ${line}`),
    );
    const rest = await observed("rest.log", lines["app-2"].slice(1));
    const { exitCode, forms, remarks, counts } = await document(compose, rest);
    expect({ exitCode, counts, remarks }).toEqual({
      exitCode: 1,
      counts: { ...clean, delivered: 99, lost: 1 },
      remarks: [],
    });
    expect(forms).toEqual([
      { path: compose, form: "docker compose logs" },
      { path: rest, form: "raw lines" },
    ]);
    expect((await verify(compose, rest)).stdout).toContain(
      `\n${compose} was read as docker compose logs.\nbroken: 1 line lost\n`,
    );
    const unknown = await observed(
      "unknown.txt",
      lines["app-1"].map((line) => `0:7 => ${line}`),
    );
    const refused = await verify(unknown);
    expect({ ...refused, stderr: "" }).toMatchObject({ exitCode: 64, stdout: "" });
    expect(refused.stderr).toMatch(/something before each line, as "0:7 => "/);
  });

  it("names carriage returns and a byte order mark where they are what is corrupted", async () => {
    const path = await observed("windows.log", [
      `\uFEFF${lines["app-1"][0]!}`,
      ...lines["app-1"].slice(1).map((line) => `${line}\r`),
    ]);
    const { counts, remarks } = await document(path, pathOf("out/app-2.log"));
    expect(counts).toEqual({ ...clean, delivered: 50, lost: 50, corrupted: 50 });
    expect(remarks).toEqual([
      expect.stringMatching(/^49 of the corrupted lines in .* end with a carriage return.*tr -d/),
      expect.stringMatching(/^a corrupted line in .* begins with a byte order mark/),
    ]);
  });

  it("reads standard input as -", async () => {
    const path = await observed("two.log", lines["app-2"]);
    const command = `"$0" src/cli/everyline.ts verify --ledger "$1" - "$2" --json < "$3"`;
    const { exitCode, stdout } = await run("bash", [
      "-c",
      command,
      process.execPath,
      pathOf("out/ledger.json"),
      path,
      pathOf("out/app-1.log"),
    ]);
    expect({ exitCode, counts: JSON.parse(stdout).counts }).toEqual({ exitCode: 0, counts: clean });
  });

  it("counts each kind of anomaly separately, and shows the ranges of lost lines", async () => {
    const [one, two] = [lines["app-1"], lines["app-2"]];
    const path = await observed("observed.log", [
      ...one.slice(0, 10),
      ...one.slice(13, 30),
      one[5]!,
      one[5]!,
      one[11]!,
      one[30]!.slice(0, 80),
      one[31]! + one[32]!,
      `${one[33]!}\r`,
      "",
      "alien",
      ...one.slice(34),
      ...two,
    ]);
    const { exitCode, verdict, counts, lost, duplicated, reasons } = await document(path);
    expect({ exitCode, verdict }).toEqual({ exitCode: 1, verdict: "broken" });
    expect(counts).toEqual({
      ...clean,
      delivered: 94,
      lost: 6,
      duplicated: 2,
      reordered: 1,
      corrupted: 1,
      truncated: 1,
      merged: 1,
      unexpected: 2,
    });
    expect(lost).toEqual([
      { source: "app-1", from: 11, to: 11, hop: "unknown" },
      { source: "app-1", from: 13, to: 13, hop: "unknown" },
      { source: "app-1", from: 31, to: 34, hop: "unknown" },
    ]);
    expect(duplicated).toEqual([{ source: "app-1", from: 6, to: 6 }]);
    expect(reasons).toEqual([
      "6 lines lost",
      "2 lines duplicated",
      "1 line corrupted",
      "1 line truncated",
      "1 line merged",
      "2 lines unexpected",
    ]);
  });

  it("shows counts, lost ranges and samples as plain text in a pipe", async () => {
    const odd = lines["app-1"].filter((_, index) => index % 2 === 0);
    const path = await observed("odd.log", [...odd, ...lines["app-2"], "\u001b[31malien"]);
    const { exitCode, stdout } = await verify(path);
    expect(exitCode).toBe(1);
    expect(stdout).toMatchInlineSnapshot(`
      "┌────────────┬───────┐
      │ kind       │ lines │
      │ written    │   100 │
      │ delivered  │    75 │
      │ lost       │    25 │
      │ duplicated │     0 │
      │ reordered  │     0 │
      │ corrupted  │     0 │
      │ truncated  │     0 │
      │ merged     │     0 │
      │ unexpected │     1 │
      │ late       │     0 │
      └────────────┴───────┘
      ┌───────┬──────┬────┬───────┐
      │ lost  │ from │ to │ lines │
      │ app-1 │    2 │  2 │     1 │
      │ app-1 │    4 │  4 │     1 │
      │ app-1 │    6 │  6 │     1 │
      │ app-1 │    8 │  8 │     1 │
      │ app-1 │   10 │ 10 │     1 │
      │ app-1 │   12 │ 12 │     1 │
      │ app-1 │   14 │ 14 │     1 │
      │ app-1 │   16 │ 16 │     1 │
      │ app-1 │   18 │ 18 │     1 │
      │ app-1 │   20 │ 20 │     1 │
      │ app-1 │   22 │ 22 │     1 │
      │ app-1 │   24 │ 24 │     1 │
      │ app-1 │   26 │ 26 │     1 │
      │ app-1 │   28 │ 28 │     1 │
      │ app-1 │   30 │ 30 │     1 │
      │ app-1 │   32 │ 32 │     1 │
      │ app-1 │   34 │ 34 │     1 │
      │ app-1 │   36 │ 36 │     1 │
      │ app-1 │   38 │ 38 │     1 │
      │ app-1 │   40 │ 40 │     1 │
      └───────┴──────┴────┴───────┘
      … and 5 more ranges; --json lists them.
      unexpected: "\\u001b[31malien"
      broken: 25 lines lost, 1 line unexpected
      "
    `);
  });

  it("accepts what a crash left of a line if the ledger tells of it", async () => {
    const ledger = JSON.parse(await readFile(pathOf("out/ledger.json"), "utf8"));
    ledger.sources[0].torn = [
      { sequence: 7, bytes: 123 },
      { sequence: 9, bytes: 1 },
      { sequence: 11, bytes: 60 },
    ];
    await observed("ledger.json", [JSON.stringify(ledger)]);
    const torn = Buffer.from(lines["app-1"][6]!).toString("utf8", 0, 123);
    const envelopes = ["{", torn, ...lines["app-1"]].map((line) => JSON.stringify({ stream: {}, line }));
    const paths = [await observed("one.jsonl", envelopes), await observed("two.log", lines["app-2"])];
    const judged = (...more: string[]) =>
      run(process.execPath, [
        "src/cli/everyline.ts",
        "verify",
        "--ledger",
        pathOf("ledger.json"),
        ...paths,
        ...more,
      ]);
    const { exitCode, stdout } = await judged("--json");
    const document = JSON.parse(stdout);
    expect({ exitCode, counts: document.counts }).toEqual({ exitCode: 0, counts: clean });
    expect(document.torn).toMatchObject([
      { source: "app-1", sequence: 7, bytes: 123, arrived: true },
      { source: "app-1", sequence: 9, bytes: 1, arrived: true },
      { source: "app-1", sequence: 11, bytes: 60, arrived: false },
    ]);
    expect((await judged()).stdout).toContain("torn at the source: app-1 line 7: 123 of ");
  });

  it("accepts what --allow names, and nothing else", async () => {
    const path = await observed("observed.log", [...lines["app-1"], `${lines["app-2"][0]}\r`]);
    const { exitCode, stdout } = await verify(path, "--allow", "lost, corrupted");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\nholds: no anomaly except the allowed ones\n$/);
    expect((await verify(path, "--allow", "lost")).exitCode).toBe(1);
  });

  it("takes --allow more than once, and says which kinds there are", async () => {
    const path = await observed("observed.log", [...lines["app-1"], "alien"]);
    expect((await verify(path, "--allow", "lost", "--allow", "unexpected,reordered")).exitCode).toBe(0);
    const { exitCode, stderr } = await verify(path, "--allow", "lost,everything");
    expect(exitCode).toBe(64);
    expect(stderr).toBe(
      'everyline: --allow does not know "everything"; choose from lost, duplicated, corrupted, truncated, merged, unexpected, reordered.\n',
    );
  });

  it("refuses what it cannot read before it reads anything", async () => {
    const log = pathOf("out/app-1.log");
    const refusals: [string[], RegExp][] = [
      [[log, pathOf("gone.log")], /cannot read .*gone\.log: ENOENT/],
      [[pathOf("out")], /found the directory/],
      [[log, pathOf("out/ledger.json")], /is the ledger itself/],
      [[log, "--ledger", pathOf("gone.json")], /cannot read the ledger .*gone\.json: ENOENT/],
      [[log, "--ledger", log], /not JSON/],
    ];
    for (const [args, message] of refusals) {
      const { exitCode, stdout, stderr } = await verify(...args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: "" });
      expect(stderr).toMatch(message);
    }
  });

  it.runIf(process.platform === "linux")(
    "gives the verdict unknown when a read fails half way, whatever was read before",
    async () => {
      const paths = [pathOf("out/app-1.log"), pathOf("out/app-2.log"), "/proc/self/mem"];
      const { exitCode, verdict, reasons, counts, lost } = await document(...paths);
      expect({ exitCode, verdict, counts, lost }).toEqual({
        exitCode: 2,
        verdict: "unknown",
        counts: null,
        lost: null,
      });
      expect(reasons[0]).toMatch(/reading \/proc\/self\/mem failed after 0 lines: EIO/);
      expect((await verify(...paths, "--allow", "lost")).exitCode).toBe(2);
    },
  );

  it("gives the verdict unknown when nothing was written", async () => {
    const ledger = JSON.parse(await readFile(pathOf("out/ledger.json"), "utf8"));
    await writeFile(pathOf("out/ledger.json"), JSON.stringify({ ...ledger, sources: [] }));
    const { exitCode, reasons } = await document(await observed("empty.log", []));
    expect({ exitCode, reasons }).toEqual({
      exitCode: 2,
      reasons: ["the ledger says that no line was written"],
    });
  });

  it("takes the ledgers and exports of several hosts", async () => {
    const args = ["--lines", "20000", "--seed", "t", "--out", pathOf("other")];
    await run(process.execPath, ["src/cli/everyline.ts", "generate", ...args]);
    const other = (await readFile(pathOf("other/app-1.log"), "utf8")).trimEnd().split("\n");
    const ledgers = ["--ledger", pathOf("other/ledger.json")];
    const exports = [
      await observed("one.log", [...lines["app-2"], ...lines["app-1"].slice(1)]),
      await observed("two.log", other.toSpliced(1_000, 2, lines["app-1"][7]!)),
    ];
    const { exitCode, ...found } = await document(...ledgers, ...exports.toReversed());
    expect(exitCode).toBe(1);
    expect(found).toMatchObject({ seed: null, seeds: ["s", "t"], read: { lines: 20_098 } });
    expect(found.counts).toEqual({
      ...clean,
      written: 20_100,
      delivered: 20_097,
      lost: 3,
      duplicated: 1,
      reordered: 6,
    });
    expect(found.lost).toEqual([
      { source: "s/app-1", from: 1, to: 1, hop: "unknown" },
      { source: "t/app-1", from: 1_001, to: 1_002, hop: "unknown" },
    ]);
  });

  it("refuses two ledgers of the same lines", async () => {
    const { exitCode, stderr } = await verify("--ledger", pathOf("out/ledger.json"), pathOf("out/app-1.log"));
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/source app-1 of seed s is in .* and in .*a seed of its own/);
  });

  it("says that lines too long to read were cut", async () => {
    const path = await observed("long.log", [...lines["app-1"], ...lines["app-2"], "x".repeat(2_000_000)]);
    const { exitCode, stdout } = await verify(path);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("1 of the 101 lines read were cut at 1 MiB.");
  });
});
