import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { loadPipeline } from "../src/pipeline/pipeline.ts";
import { casesOf, loadScenarios } from "../src/plan/scenario.ts";
import { judgeStoredRun } from "../src/store/stored-run.ts";
import { LokiFront, on, pages } from "./support/loki-front.ts";
import { runClaim, useReportsFolder } from "./support/run-claim.ts";
import { reasonsOf } from "./support/told.ts";

const scenarios = (await loadScenarios()).flatMap(casesOf);
const reportsFolder = await useReportsFolder(afterAll);

const fronts: LokiFront[] = [];

afterEach(() => {
  for (const front of fronts.splice(0)) front.close();
});

/** Breaks off the answer to every log query after half of its bytes. */
const cutting = on("pages", (_, truth) => ({
  ...truth,
  brokenOffAfterBytes: Math.floor(Buffer.byteLength(truth.text) / 2),
}));

/** Leaves every tenth line out of the answers. */
const dropping = pages((values) => values.filter((_, index) => index % 10 !== 9));

describe("a run", () => {
  it.each([
    ["is cut off half way", cutting],
    ["leaves lines out", dropping],
  ])("is unknown when the reader's Loki %s", async (_, lie) => {
    const sinkFront = async (loki: string) => {
      const front = await LokiFront.before(loki, lie);
      fronts.push(front);
      return front.url;
    };
    const changes = { load: { lines: 200, linesPerSecond: 200 } };
    const run = await runClaim("direct/sink-restart", scenarios, reportsFolder, changes, { sinkFront });
    expect(run.verdict).toBe("unknown");
    expect(reasonsOf(run).join()).toContain("Not everything could be read back");

    const again = await judgeStoredRun(join(reportsFolder, run.runId));
    expect(again.document.verdict).toBe("unknown");
  });

  it("is broken where the document's own file is refused, with Promtail's words", async () => {
    const run = await runClaim("as-written/as-written-config", scenarios, reportsFolder);
    expect(run.verdict).toBe("broken");
    expect(run.counts).toMatchObject({ written: 100, delivered: 0, lost: 100 });
    expect(reasonsOf(run).join()).toContain("field segment_age not found");
    expect(new Set(run.lost.map(({ hop }) => hop))).toEqual(new Set(["source"]));
  });

  it.each([
    [
      "ends at once",
      "auth_enabled:",
      "auth_enabledd:",
      /The loki container ended by itself with exit code 1\. Its last lines were: /,
    ],
    // It is waited for longer once Promtail is seen to hold the line, until it is clear that nothing will listen there.
    [
      "never gets ready",
      "http_listen_port: 3100",
      "http_listen_port: 3199",
      /The loki container was not ready within (8|15|16) s\b.*Nothing listens at port 3100 of loki, only at .*3199.*\. Its last lines were: /,
    ],
  ])(
    "is unknown when Loki %s, shows Loki's last output, and writes no line",
    async (name, sound, damaged, why) => {
      const pipeline = await loadPipeline("direct");
      const folder = join(reportsFolder, name.replaceAll(" ", "-"));
      await cp(pipeline.folder, folder, { recursive: true });
      const config = join(folder, "loki-config.yaml");
      await writeFile(config, (await readFile(config, "utf8")).replace(sound, damaged));
      const changes = { pipeline: { ...pipeline, folder } };
      const run = await runClaim("direct/sink-restart", scenarios, reportsFolder, changes, {
        sentinelTimeoutMs: 8_000,
      });
      expect(run.verdict).toBe("unknown");
      expect(reasonsOf(run)[0]).toMatch(why);
      expect(run.counts.written).toBe(0);
    },
  );
});
