import { expect, it } from "vitest";
import { planFault } from "../faults/plan-fault.ts";
import { loadPipeline } from "../pipeline/pipeline.ts";
import { noServices } from "../pipeline/what-runs.ts";
import { upgradeRuns } from "./upgrade-scenarios.ts";

it("makes one run with an orderly end and one with a crash, both ways on the load's clock", async () => {
  const runs = upgradeRuns(await loadPipeline("direct"), "loki", "3.7.6");
  expect(runs.map(({ claim }) => claim.id)).toEqual([
    "direct/upgrade/in-place",
    "direct/upgrade/after-crash",
  ]);
  const flush = { kind: "flush", target: "sink", at: 0.15 };
  expect(runs.map(({ scenario }) => scenario.faults)).toEqual([
    [flush, { kind: "swap-image", target: "sink", image: "3.7.6", isKilled: false, at: 0.3, until: 0.65 }],
    [flush, { kind: "swap-image", target: "sink", image: "3.7.6", isKilled: true, at: 0.3, until: 0.65 }],
  ]);
  for (const { claim, scenario } of runs) {
    expect(scenario.scenario.load).toEqual({ lines: 2_000, linesPerSecond: 100 });
    expect(claim.text).toContain("Loki is upgraded from 3.6.4 to 3.7.6 while lines are written, and back");
    expect(claim.bounds).toEqual({ lost: 0 });
  }
});

it("has nothing written to the store before another part is upgraded", async () => {
  const [inPlace] = upgradeRuns(await loadPipeline("direct"), "promtail", "9.9.9");
  expect(inPlace!.scenario.faults.map(({ kind }) => kind)).toEqual(["swap-image"]);
});

it("writes for longer where more containers are replaced, one after the other", async () => {
  const pipeline = await loadPipeline("kafka", "split");
  const linesOf = (image: string) => upgradeRuns(pipeline, image, "9.9.9")[0]!.scenario.scenario.load.lines;
  expect(linesOf("push-gateway")).toBe(2_000);
  expect(linesOf("kafka")).toBeGreaterThan(3 * 2_000);
  expect(linesOf("loki")).toBeGreaterThan(linesOf("kafka"));
});

it("names the images of a pipeline that has not the one to be upgraded", async () => {
  const pipeline = await loadPipeline("direct");
  expect(() => upgradeRuns(pipeline, "kafka", "4.4.0")).toThrow(
    'the pipeline direct has no image "kafka" on the way of its lines; it has: promtail, loki.',
  );
});

it("expects each container to run the new image before the next is ended", async () => {
  const pipeline = await loadPipeline("kafka", "split");
  const [inPlace] = upgradeRuns(pipeline, "loki", "3.7.6");
  const { expected } = planFault(inPlace!.scenario.faults[1]!, pipeline);
  expect(expected).toMatch(
    /^loki-write-1, loki-write-2, loki-write-3, loki-backend, loki-read, one after the other/,
  );
});

it("replaces no containers of several images at once", async () => {
  const pipeline = await loadPipeline("kafka", "two-sites");
  expect(() => planFault({ kind: "swap-image", target: "site-a", image: "3.7.6" }, pipeline)).toThrow(
    "needs a target whose containers run one image, and those of site-a run",
  );
});

it("replaces no container of a stack that Everyline has not started", async () => {
  const pipeline = await loadPipeline("direct");
  const deployment = {
    kind: "own" as const,
    composeFiles: [],
    envFiles: [],
    services: noServices,
    configFile: "everyline.config.yaml",
    mounts: { empty: [], copy: [] },
    logsPath: "/logs",
    lines: { fileNames: "*.log", isFileMounted: false, template: undefined },
    project: "production",
    images: new Map(),
    replicas: new Map(),
    unnamed: new Map(),
    secrets: [],
  };
  const spec = { kind: "swap-image" as const, target: "sink", image: "3.7.6" };
  expect(() => planFault(spec, { ...pipeline, deployment })).toThrow("not Everyline's to replace");
});
