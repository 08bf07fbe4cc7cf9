import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root, run } from "./support/command.ts";
import { needImages } from "./support/need-images.ts";
import { lastRunIn } from "./support/own-stack.ts";

await needImages("otel-collector");

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "everyline-test-"));
});

afterAll(() => rm(folder, { recursive: true }));

/** Runs a scenario on the example, with a change of its Collector's configuration. */
async function runExample(scenario: string, change: (collector: string) => string = (text) => text) {
  const cwd = await mkdtemp(join(folder, "example-"));
  await cp(join(root, "examples/collector-to-file"), cwd, { recursive: true });
  const collector = join(cwd, "collector.yaml");
  const text = await readFile(collector, "utf8");
  // Where lines are missing, the retries of its receiver would be waited for, which nothing here makes it need.
  await writeFile(collector, change(text.replace(/ {4}retry_on_failure:.*\n/, "")));
  await appendFile(join(cwd, "everyline.config.yaml"), "quietSeconds: 5\n");
  const outcome = await run(join(root, "bin/everyline"), ["run", scenario], { cwd });
  return { ...outcome, document: (await lastRunIn(join(cwd, "reports"))).document! };
}

describe("a Collector that writes files", () => {
  it("loses no line when it is killed, as the example configures it", async () => {
    const { exitCode, stderr, document } = await runExample("promtail-crash/under-load");
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({
      verdict: "holds",
      plan: { sink: "file" },
      counts: { written: 1_000, delivered: 1_000, lost: 0, corrupted: 0 },
    });
  });

  it("is broken by exactly the lines that its configuration filters out", async () => {
    const { exitCode, document } = await runExample("sink-restart", (text) =>
      text.replace(
        "    encoding: utf-8-raw\n",
        `$&    operators:\n      - { type: filter, expr: 'body matches "\\"id\\":\\"[^\\"]*/7[0-4]\\""' }\n`,
      ),
    );
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ verdict: "broken", counts: { delivered: 990, lost: 10 } });
    expect(document.lost.map(({ source, from, to }) => [source, from, to])).toEqual([
      ["app-1", 70, 74],
      ["app-2", 70, 74],
    ]);
  });

  it("is broken where it empties its file when it starts again, as by default", async () => {
    const { exitCode, document } = await runExample("sink-restart", (text) =>
      text.replace(/ {4}rotation:\n.*\n.*\n/, ""),
    );
    expect(exitCode).toBe(1);
    expect(document.lost.map(({ from }) => from)).toEqual([1, 1]);
    expect(document.counts).toMatchObject({ corrupted: 0, unexpected: 0 });
  });
});
