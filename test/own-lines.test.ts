import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunDocument } from "../src/judge/run-document.ts";
import { readLedger } from "../src/load/ledger.ts";
import { codecFor } from "../src/load/line.ts";
import { connectEngine } from "../src/places/compose/engine.ts";
import { removeProject } from "../src/places/compose/project.ts";
import { expectAllDelivered, expectEndingInSevenLost, expectWritten } from "./support/all-delivered.ts";
import { root, run } from "./support/command.ts";
import { type OwnStack, useOwnStacks } from "./support/own-stack.ts";

const stackOf = useOwnStacks(afterAll);
const docker = await connectEngine();
const attached = `shop-lines-${process.pid}`;

afterAll(() => removeProject(docker, attached));

/** Slowly, so that they last longer than a restart does on a busy machine. */
const lines = ["--lines", "300", "--rate", "40"];
/** A stage of Promtail's that drops lines by their number. */
const dropsSeven = `      - drop: { expression: "Test log [0-9]*7 " }\n`;
/** A word that occurs in some lines, by which a stage damages those. */
const word = "payment";

const stages = (text: string, stage: string) => text.replace("    pipeline_stages:\n", `$&${stage}`);

async function holds(stack: OwnStack): Promise<RunDocument> {
  const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
  expect(exitCode, stderr).toBe(0);
  expect(document).toMatchObject({ verdict: "holds", reasons: [] });
  expectAllDelivered(document!.counts, 300);
  return document!;
}

async function losesSeven(stack: OwnStack): Promise<void> {
  const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
  expect(exitCode, stderr).toBe(1);
  expectEndingInSevenLost(document!);
  expect(document!.counts).toMatchObject({
    corrupted: 0,
    truncated: 0,
    merged: 0,
    unexpected: 0,
    duplicated: 0,
  });
}

/** How many of the lines of a run contain the word. */
async function linesWithWord(report: string): Promise<number> {
  const ledger = await readLedger(join(report, "ledger.json"));
  const codec = codecFor(ledger);
  return ledger.sources.reduce(
    (sum, { source, written }) =>
      sum +
      Array.from({ length: written }, (_, index) => codec.bare(source, index + 1)).filter((line) =>
        line.includes(word),
      ).length,
    0,
  );
}

describe("lines in a form of the user's, taken apart by Promtail", () => {
  const bare = { before: [""], after: [""] };

  it.each([
    ["logfmt-lines", bare],
    ["plain-text-lines", bare],
    ["nested-json", { ...bare, within: ["msg"] }],
  ])("are all there and exact: %s", async (name, stored) => {
    const stack = await stackOf(name);
    const document = await holds(stack);
    expect(document.stored).toEqual(stored);
    // Judging the recording again gives the same, byte for byte.
    const { report } = await stack.lastRun();
    const again = await run(join(root, "bin/everyline"), ["check", report], { cwd: stack.folder });
    expect(again.exitCode, again.stderr).toBe(0);
    // What was read back is an export of these lines as well.
    const read = ["--ledger", join(report, "ledger.json"), join(report, "observed-after-flush.jsonl")];
    const verified = await run(join(root, "bin/everyline"), ["verify", ...read], { cwd: stack.folder });
    expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
    // What was written is in the user's own form.
    expect(document.plan.load?.line).toContain("{line}");
    expect(await readFile(join(report, "report.md"), "utf8")).toContain(
      document.plan.load!.line!.slice(0, 20),
    );
  });

  it.each(["logfmt-lines", "plain-text-lines", "nested-json"])(
    "are lost where a stage drops them, exactly those: %s",
    async (name) => {
      await losesSeven(await stackOf(name, { "promtail.yaml": (text) => stages(text, dropsSeven) }));
    },
  );

  it.each([
    ["logfmt-lines", "msg"],
    ["nested-json", "message"],
  ])("are damaged where a stage changes them, exactly those: %s", async (name, source) => {
    const stack = await stackOf(name, {
      "promtail.yaml": (text) =>
        text.replace(
          / {6}- timestamp:.*\n/,
          `$&      - replace: { source: ${source}, expression: "(${word})", replace: "pay" }\n`,
        ),
    });
    const { exitCode, stderr, document, report } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(1);
    const damaged = await linesWithWord(report);
    expect(damaged).toBeGreaterThan(10);
    const { counts } = document!;
    expect(counts).toMatchObject({
      lost: damaged,
      corrupted: damaged,
      truncated: 0,
      merged: 0,
      unexpected: 0,
    });
    expect(counts.delivered).toBe(counts.written - damaged);
  });

  it("may be stored as they were written, beside labels", async () => {
    const stack = await stackOf("nested-json", {
      "promtail.yaml": (text) => text.replace(/ {6}- template:.*\n {6}- output:.*\n/, ""),
    });
    const { stored, plan } = await holds(stack);
    expect(`${stored!.before.join("{time}")}{line}${stored!.after.join("{time}")}`).toBe(
      plan.load!.line!.replace("{level}", "info"),
    );
  });

  it("go into files of a stack that is up, under names that its shipper reads, and are removed afterwards", async () => {
    const stack = await stackOf("nested-json", {
      "compose.yaml": (text) =>
        text
          .replaceAll(/grafana\/(\w+):3.6.4/g, "everyline/$1:3.6.4")
          .replace("  loki:\n", '$&    ports: ["127.0.0.1::3100"]\n'),
    });
    const up = await run("docker", ["compose", "-p", attached, "up", "-d"], { cwd: stack.folder });
    expect(up.exitCode, up.stderr).toBe(0);
    const { exitCode, stderr, document, report } = await stack.run(
      "sink-restart",
      ...lines,
      "--project",
      attached,
    );
    expect(exitCode, stderr).toBe(0);
    expectAllDelivered(document!.counts, 300);
    expect(document!.lost).toEqual([]);
    const { sources } = await readLedger(join(report, "ledger.json"));
    expect(sources.map(({ source }) => source)).toEqual([
      expect.stringMatching(/^everyline-\w{4}-app-1$/),
      expect.stringMatching(/^everyline-\w{4}-app-2$/),
    ]);
    expect(await readdir(stack.path("app-logs"))).toEqual([]);
  });

  it("are not judged where a stage puts something before them that differs from line to line", async () => {
    const stack = await stackOf("logfmt-lines", {
      "promtail.yaml": (text) =>
        text.replace(
          / {6}- output:.*\n/,
          `      - template: { source: stored, template: '{{ .ts | len }} {{ regexReplaceAll "[^0-9]" .msg "" }} {{ .msg }}' }\n      - output: { source: stored }\n`,
        ),
    });
    const { exitCode, stderr, document } = await stack.run("sink-restart", ...lines);
    expect(exitCode, stderr).toBe(2);
    expect(document!.reasons[0]).toMatchObject({ code: "frame-varies" });
    expectWritten(document!.counts, 300);
  });
});

describe("a single log file", () => {
  it.each(["one-log-file", "fixed-name"])(
    "is written by one source, and all of it is there: %s",
    async (name) => {
      const stack = await stackOf(name);
      const document = await holds(stack);
      expect(document.plan.load).toMatchObject({
        sources: 1,
        fileNames: name === "fixed-name" ? "access.log" : "app.log",
      });
    },
  );

  it.each(["one-log-file", "fixed-name"])("loses exactly the lines that a stage drops: %s", async (name) => {
    await losesSeven(
      await stackOf(name, {
        "promtail.yaml": (text) => `${text.trimEnd()}\n    pipeline_stages:\n${dropsSeven}`,
      }),
    );
  });

  it("can be emptied after it was copied, but not renamed, where it is mounted itself", async () => {
    const stack = await stackOf("one-log-file");
    const listed = await run(join(root, "bin/everyline"), ["list"], { cwd: stack.folder });
    expect(listed.stdout).toMatch(/app\.log itself is mounted/);
    const refused = await stack.run("file-rotation/rename-create", "--dry-run");
    expect(refused.exitCode).toBe(64);
    expect(refused.stderr).toMatch(
      /rotates the log file by rename-create, and app\.log itself is mounted \(source\.path\)/,
    );
    // The user's own file is as it was.
    expect(await readFile(stack.path("app.log"), "utf8")).toBe("a line of the program's own\n");
  });

  it("is not written into where a program of a running stack writes into it", async () => {
    const stack = await stackOf("fixed-name");
    const { exitCode, stderr } = await stack.run("sink-restart", "--project", "shop-that-is-up", "--dry-run");
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/source\.file names one file, access\.log, .* Omit --project/);
  });
});
