import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { connectEngine } from "../src/places/compose/engine.ts";
import { projectName } from "../src/places/compose/project.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { expectAllDelivered } from "./support/all-delivered.ts";
import { leftoversOf } from "./support/leftovers.ts";
import { needImages } from "./support/need-images.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { evidenceOf, reasonsOf } from "./support/told.ts";

await needImages("nestjs-app");

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);
const docker = await connectEngine();

describe("a run whose lines a NestJS application writes", () => {
  it("holds with the exact count, with the application's image and words kept, and leaves nothing", async () => {
    const load = { by: "nestjs" as const, lines: 300 };
    const document = await runClaim("direct/sink-restart", scenarios, reportsFolder, { load });
    expect(reasonsOf(document)).toEqual([]);
    expect(document).toMatchObject({ verdict: "holds", counts: { duplicated: 0 }, torn: [] });
    expectAllDelivered(document.counts, 300);
    expect(document.images.map(({ service }) => service)).toEqual(["app-1", "app-2", "promtail", "loki"]);
    const folder = join(reportsFolder, document.runId);
    expect(await readFile(join(folder, "containers/app-1.log"), "utf8")).toContain("NestFactory");
    expect(await readdir(folder)).not.toContain("logs");
    expect(await leftoversOf(document.runId)).toEqual([]);
  });

  it("holds over crashes in the middle of a line, and tells what they left, stored as well as fresh", async () => {
    const document = await runClaim("direct/app-crash", scenarios, reportsFolder, { load: { lines: 500 } });
    expect(reasonsOf(document)).toEqual([]);
    expect(document).toMatchObject({
      verdict: "holds",
      counts: { truncated: 0, corrupted: 0, unexpected: 0 },
    });
    expectAllDelivered(document.counts, 500);
    expect(document.torn.length).toBeGreaterThan(0);
    for (const { source, sequence, bytes, lineBytes, arrived } of document.torn) {
      expect(arrived).toBe(true);
      expect(bytes).toBeLessThan(lineBytes);
      expect(document.faults.map(evidenceOf).join()).toContain(
        `${source}.log ended with ${bytes} of ${lineBytes} bytes of line ${sequence}`,
      );
    }
    const again = await judgeStoredRun(join(reportsFolder, document.runId));
    expect(again.document.verdict).toBe("holds");
    expect(again.document).toEqual(document);
  });

  it("does not take a crash between two lines for one in the middle of a line", async () => {
    const load = { lines: 300, app: {} };
    const document = await runClaim("direct/app-crash", scenarios, reportsFolder, { load });
    expect(document.verdict).toBe("unknown");
    expectAllDelivered(document.counts, 300);
    expect(reasonsOf(document).join()).toContain("The fault kill app did not take effect");
    expect(reasonsOf(document).join()).toContain("no line was torn");
  });

  it("ends with the application's last output where the application ends by itself, and leaves nothing", async () => {
    const runId = "test-app-that-ends";
    const ended = runClaim(
      "direct/sink-restart",
      scenarios,
      reportsFolder,
      { runId, load: { by: "nestjs", lines: 100_000 } },
      {
        onStatus: ({ written }) => {
          if (written < 50) return;
          docker
            .getContainer(`${projectName(runId)}-app-2`)
            .kill()
            .catch(() => {});
        },
      },
    );
    await expect(ended).rejects.toThrow(
      /^the application app-2, which writes the lines, ended by itself: .*exit code 137.* last lines were: .*Nest/s,
    );
    expect(await leftoversOf(runId)).toEqual([]);
    expect(await readdir(join(reportsFolder, runId))).not.toContain("run.json");
  });
});
